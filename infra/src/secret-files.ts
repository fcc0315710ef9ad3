import { EnvValue, Secret, Volume } from 'cdk8s-plus-27';
import type { Container } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';

/** Values of a Secret as files. */
export interface SecretFiles {
  /** Of the volume; one of its own in the pod. */
  readonly name: string;
  readonly secretName: string;
  /**
   * The Secret's keys, by the variable that is to hold the path of the file. What is not named does not get into the
   * container.
   */
  readonly keys: Readonly<Record<string, string>>;
}

/** By the container's group, which the kubelet gives the files to, and by nobody else. */
const readableByGroup = 0o440;

/** Puts values of a Secret into a container, to be read only. When the Secret changes, so do the files, within minutes. */
export function mountSecretFiles(scope: Construct, container: Container, files: SecretFiles): void {
  const { name, secretName, keys } = files;
  const directory = `/etc/giro/${name}`;
  const secret = Secret.fromSecretName(scope, `${name}-secret`, secretName);
  const items = Object.fromEntries(Object.values(keys).map((key) => [key, { path: key }]));
  const options = { name, items, defaultMode: readableByGroup };
  // The whole directory: files that are mounted by a subPath stay as they were at the start.
  container.mount(directory, Volume.fromSecret(scope, `${name}-files`, secret, options), { readOnly: true });
  for (const [variable, key] of Object.entries(keys))
    container.env.addVariable(variable, EnvValue.fromValue(`${directory}/${key}`));
}
