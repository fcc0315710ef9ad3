import { build } from './build.js';

/** `npm start`: builds what has changed, then runs the bank in the foreground until Ctrl-C. */
if (!process.argv.includes('--no-build')) await build();
const { launch } = await import('./launch.js');
await launch(process.argv);
