import { z } from 'zod';

const size = z.strictObject({
  cpuMillis: z.int().min(10).max(128_000),
  memoryMib: z.int().min(64).max(1_048_576),
});

// Kubernetes' default --service-node-port-range.
const nodePort = z.int().min(30_000).max(32_767);

// A moving or missing tag with IfNotPresent runs whatever a node happens to have cached.
const image = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._:/-]*(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/,
    'must be an image name with a version tag or a sha256 digest, like "registry.example/giro/server:1.2.3"',
  )
  .refine((name) => !name.endsWith(':latest'), 'must name a version or a digest, not ":latest"');

const books = z.strictObject({
  sizeGib: z.int().min(1).max(65_536),
  storageClass: z.string().min(1).exactOptional(),
  accessMode: z.enum(['ReadWriteOncePod', 'ReadWriteOnce']),
});

const secretName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'must be the name of a Secret, like "giro-tls"');

const secretKey = z.strictObject({
  secretName,
  key: z.string().regex(/^[-._a-zA-Z0-9]{1,253}$/, 'must be a key of a Secret, like "tls.crt"'),
});

const server = z
  .strictObject({
    image,
    nodePort,
    size,
    books: books.exactOptional(),
    database: secretKey.exactOptional(),
    replicas: z.int().min(1).max(100).exactOptional(),
    tls: z.strictObject({ secretName, clientCa: secretKey.exactOptional() }).exactOptional(),
    tokens: secretKey.exactOptional(),
  })
  .refine(({ tls, tokens }) => tls !== undefined || tokens === undefined, {
    path: ['tokens'],
    error: 'would come in plaintext; give tls too',
  })
  .refine(({ books, database }) => books !== undefined || database !== undefined, {
    path: ['books'],
    error: 'must be given, or database instead',
  })
  .refine(({ books, database }) => books === undefined || database === undefined, {
    path: ['books'],
    error: 'is the volume of the embedded database; leave it out with database',
  })
  .refine(({ database, replicas = 1 }) => database !== undefined || replicas === 1, {
    path: ['replicas'],
    error: 'must be 1 without database: the embedded database has one writer',
  });

const replicaCount = z.int().min(1).max(100);

const autoscaling = z
  .strictObject({ min: replicaCount, max: replicaCount, cpuPercent: z.int().min(10).max(100) })
  .refine(({ min, max }) => min <= max, { path: ['max'], error: 'must not be less than min' });

const api = z
  .strictObject({
    image,
    nodePort,
    size,
    replicas: replicaCount.exactOptional(),
    autoscaling: autoscaling.exactOptional(),
    tls: z.strictObject({ ca: secretKey, clientSecretName: secretName.exactOptional() }).exactOptional(),
    token: secretKey.exactOptional(),
  })
  .refine(({ replicas, autoscaling }) => (replicas === undefined) !== (autoscaling === undefined), {
    path: ['replicas'],
    error: 'must be given, or autoscaling, and not both',
  });

const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: 'must be a network like "10.0.0.0/8"' });

const namespaceName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a DNS label of at most 63 characters');

const network = z.strictObject({
  clients: z.array(cidr).min(1),
  database: z.strictObject({ networks: z.array(cidr).min(1), port: z.int().min(1).max(65_535) }),
  prometheusNamespace: namespaceName,
});

const backup = z.strictObject({
  image,
  schedule: z.string().regex(/^(\S+ ){4}\S+$/, 'must have the five fields of crontab(5)'),
  keepDays: z.int().min(1).max(3_650),
  sizeGib: z.int().min(1).max(65_536),
});

const infraConfig = z
  .strictObject({
    server,
    api,
    namespace: namespaceName.exactOptional(),
    network: network.exactOptional(),
    monitored: z.boolean().exactOptional(),
    backup: backup.exactOptional(),
  })
  .readonly()
  .refine(({ server, api }) => server.nodePort !== api.nodePort, {
    path: ['api', 'nodePort'],
    error: 'must differ from server.nodePort',
  })
  .refine(({ server, api }) => (server.tls === undefined) === (api.tls === undefined), {
    path: ['api', 'tls'],
    error: 'must be given with server.tls, and not without it',
  })
  .refine(
    ({ server, api }) => server.tls?.clientCa === undefined || api.tls?.clientSecretName !== undefined,
    {
      path: ['api', 'tls', 'clientSecretName'],
      error: 'must be given: by server.tls.clientCa, servers ask for a certificate',
    },
  )
  .refine(({ server, api }) => server.tokens === undefined || api.token !== undefined, {
    path: ['api', 'token'],
    error: 'must be given: by server.tokens, servers ask for one',
  })
  .refine(({ server, api }) => server.tls !== undefined || api.token === undefined, {
    path: ['api', 'token'],
    error: 'would be sent in plaintext; give server.tls and api.tls too',
  })
  .refine(({ network, namespace }) => network === undefined || namespace !== undefined, {
    path: ['network'],
    error: 'denies everything else in its namespace; give namespace too',
  })
  .refine(({ backup, server }) => backup === undefined || server.database !== undefined, {
    path: ['backup'],
    error: 'dumps the database that server.database names, and none is given',
  });

/** What an environment writes down. */
export type InfraConfigInput = z.input<typeof infraConfig>;

/** One environment's validated settings. */
export type InfraConfig = z.output<typeof infraConfig>;

/** The config does not say something that can be deployed; the message has one line per bad field. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** The bad fields as dotted paths, such as `server.books.sizeGib`, in the order found. */
  readonly paths: readonly string[];

  constructor(issues: readonly FieldIssue[]) {
    super(`Invalid config:\n${issues.map(({ path, message }) => `  ${path}: ${message}`).join('\n')}`);
    this.paths = issues.map(({ path }) => path);
  }
}

/**
 * Checks a config value.
 *
 * @throws {@link ConfigError} naming every field that is missing, unknown or out of range.
 */
export function parseConfig(input: unknown): InfraConfig {
  const parsed = infraConfig.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.flatMap(fieldIssues));
}

interface FieldIssue {
  readonly path: string;
  readonly message: string;
}

function fieldIssues(issue: z.core.$ZodIssue): FieldIssue[] {
  // zod reports unknown keys at their parent; whoever mistyped one looks for the key itself
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: dotted([...issue.path, key]),
      message: 'is not a known setting',
    }));
  return [{ path: dotted(issue.path), message: issue.message }];
}

function dotted(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(config)' : path.map(String).join('.');
}
