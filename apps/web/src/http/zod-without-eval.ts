import { config } from 'zod';

// Zod compiles its checks with `new Function`, which the page's content security policy forbids. Imported before any
// schema, because each schema decides when it is made.
config({ jitless: true });
