import { Skeleton } from '@mantine/core';

/** Stands for results that are on their way. */
export function ResultSkeleton() {
  return (
    <div className="results-wait" aria-hidden>
      {[1, 2, 3].map((row) => (
        <div key={row} className="result">
          <Skeleton height={16} width="40%" />
          <Skeleton height={12} width="92%" mt={10} />
          <Skeleton height={12} width="30%" mt={8} />
        </div>
      ))}
    </div>
  );
}
