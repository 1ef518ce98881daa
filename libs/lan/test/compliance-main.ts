/** The compliance suite against this system's real network: started inside a namespace by create-lan.test.ts. */
import { lanCompliance } from '../compliance/lan.ts';
import { createLan } from '../src/index.ts';

lanCompliance('linux', JSON.parse(process.argv[2] ?? '{}'), () => createLan());
