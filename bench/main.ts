import { build } from '../scripts/build.js';

/** `npm run bench`: builds what has changed, then measures it. */
const wantsHelp = process.argv.includes('--help') || process.argv.includes('-h');
if (!process.argv.includes('--no-build') && !wantsHelp) await build();
const { runBench } = await import('./run-bench.js');
await runBench(process.argv);
