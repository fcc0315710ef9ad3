import { setTimeout as sleep } from 'node:timers/promises';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { FLUSH_TIMEOUT_MS } from './limits.js';

/**
 * Begins to send spans by OTLP if the environment says where to: `OTEL_EXPORTER_OTLP_ENDPOINT`, or that of traces alone.
 * The other variables of OpenTelemetry hold, too. Everything that makes spans may be loaded before.
 *
 * @param service - the name of this part of the bank, unless `OTEL_SERVICE_NAME` gives one
 * @returns sends off the spans that are left, for at most {@link FLUSH_TIMEOUT_MS}, and tells whether it is done with them
 */
export async function exportSpans(service: string, logger: Logger): Promise<() => Promise<boolean>> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = process.env;
  if (!all && !traces) return () => Promise.resolve(true);
  const { NodeSDK, resources } = await import('@opentelemetry/sdk-node');
  const named = resources.resourceFromAttributes({ 'service.name': service });
  const sdk = new NodeSDK({
    resource: resources.defaultResource().merge(named),
    // Not those of the process: they tell its arguments, which may hold secrets.
    resourceDetectors: [resources.envDetector],
    // Prometheus asks for the metrics, and the log is on standard output.
    metricReaders: [],
    logRecordProcessors: [],
  });
  if (process.env['OTEL_LOG_LEVEL'] === undefined) diag.setLogger(toLog(logger), DiagLogLevel.WARN);
  sdk.start();
  return async () => {
    const tooLate = sleep(FLUSH_TIMEOUT_MS, 'too late' as const, { ref: false });
    const sent = sdk.shutdown().catch((error: unknown) => {
      logger.warn({ err: error }, 'the last spans could not be sent');
    });
    const ended = await Promise.race([sent, tooLate]);
    if (ended !== 'too late') return true;
    logger.warn({ waitedMs: FLUSH_TIMEOUT_MS }, 'the last spans could not be sent in time');
    return false;
  };
}

/** Where OpenTelemetry tells that spans could not be sent. */
function toLog(logger: Logger) {
  const warn = (problem: string) => {
    logger.warn({ problem }, 'tracing has trouble');
  };
  const quiet = () => undefined;
  return { error: warn, warn, info: quiet, debug: quiet, verbose: quiet };
}
