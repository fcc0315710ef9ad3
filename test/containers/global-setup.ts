import { makeBaseImages } from './base-images.js';
import { cleanUp } from './cluster.js';
import { missingForCompose, missingForContainers } from './missing-programs.js';
import { buildImage, forgetLabels } from './project-images.js';
import { makeStore } from './store.js';

/** The names of the seed's four lines, `docker build -t NAME-server -f Dockerfile.server .` and so on. */
export const serverImage = 'localhost/giro-server';
export const apiImage = 'localhost/giro-api';

/** Builds the images once for all tests. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const missing = missingForContainers();
  if (missing !== undefined) {
    process.stderr.write(`\nNO CONTAINER IS TESTED: ${missing}\n\n`);
    return undefined;
  }
  const missingForOne = missingForCompose();
  if (missingForOne !== undefined) process.stderr.write(`\nCOMPOSE.YAML IS NOT TESTED: ${missingForOne}\n\n`);
  await makeStore();
  await cleanUp();
  await makeBaseImages();
  await forgetLabels();
  await buildImage(serverImage, 'Dockerfile.server');
  await buildImage(apiImage, 'Dockerfile.api');
  return cleanUp;
}
