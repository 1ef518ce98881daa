import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';
export const hasChromium = () => existsSync(CHROMIUM);

export interface PageSight {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** Where names lead, as Chromium's `--host-resolver-rules` takes it. */
  readonly names?: string;
}

/** The real browser with an empty profile, that looks nothing up outside this machine. */
export async function openBrowser({
  width = 1280,
  height = 800,
  dark = false,
  names,
}: PageSight = {}): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'kith-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(names === undefined ? [] : [`--host-resolver-rules=${names}`]),
    ],
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
