/** Wall time in milliseconds since 1970; `Clock` of @kith/service is one. */
export interface WallClock {
  now(): number;
}
