/**
 * Compares the public names and types of the built packages with the reports in `packages/<name>/etc`, so that no
 * change of them goes unseen; with `--accept`, writes the reports anew.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { publicEntryPoints, type EntryPoint } from './public-entry-points.js';

const accept = process.argv.includes('--accept');

// One after the other: API Extractor is not made to run twice at a time.
for (const entryPoint of await publicEntryPoints()) {
  const config = configFor(entryPoint);
  const report = `${config.reportFolder}/${reportName(entryPoint.specifier)}.api.md`;
  await mkdir(config.reportFolder, { recursive: true });
  const { apiReportChanged, succeeded } = Extractor.invoke(config, {
    localBuild: accept,
    messageCallback: (message) => {
      if (message.logLevel === ExtractorLogLevel.Info) message.logLevel = ExtractorLogLevel.Verbose;
      // Its own words name a report to copy by hand.
      if (message.messageId === 'console-api-report-not-copied') message.handled = true;
    },
  });
  if (apiReportChanged && accept) console.log(`Accepted: ${report}`);
  if (succeeded) continue;
  console.error(`${entryPoint.specifier} differs from ${report}; npm run api accepts it.`);
  process.exitCode = 1;
}

/** `server-embedded` for `@giro/server/embedded`. */
function reportName(specifier: string): string {
  return specifier.replace('@giro/', '').replace('/', '-');
}

function configFor({ packageDir, specifier, types }: EntryPoint): ExtractorConfig {
  const error = { logLevel: ExtractorLogLevel.Error };
  const none = { logLevel: ExtractorLogLevel.None };
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(packageDir, 'package.json'),
    configObject: {
      projectFolder: packageDir,
      mainEntryPointFilePath: types,
      compiler: { tsconfigFilePath: join(packageDir, 'tsconfig.json') },
      newlineKind: 'lf',
      apiReport: {
        enabled: true,
        reportFileName: reportName(specifier),
        reportFolder: join(packageDir, 'etc'),
        reportTempFolder: join(packageDir, 'node_modules/.cache/api-report'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: error },
        extractorMessageReporting: {
          default: error,
          // Everything exported is public.
          'ae-missing-release-tag': none,
          // TypeDoc checks the comments.
          'ae-undocumented': none,
          'ae-unresolved-link': none,
          // The bundler puts imports before them; TypeDoc reads the sources.
          'ae-misplaced-package-tag': none,
          // What the package itself exports need not be exported once more beside it.
          'ae-forgotten-export': specifier.split('/').length > 2 ? none : error,
        },
        tsdocMessageReporting: { default: none },
      },
    },
  });
}
