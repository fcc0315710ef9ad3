/** The container port on which a workload tells Prometheus how it is. */
export const metricsPortName = 'metrics';

/** What sets it, in the server and in the API. */
export const metricsPortVariable = 'GIRO_METRICS_PORT';
