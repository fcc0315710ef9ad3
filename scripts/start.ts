import { build } from './build.js';

/** `npm start`: builds what has changed, then runs the bank in the foreground until Ctrl-C. */
await build();
const { launch } = await import('./launch.js');
await launch(process.argv);
