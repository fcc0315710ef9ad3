import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './build.js';
import { guaranteesPage, namedTests } from './guarantees-page.js';

/** Part of `npm run generate`. */
await writeFile(join(root, 'docs/guarantees.md'), guaranteesPage(await namedTests()));
