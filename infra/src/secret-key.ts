/** One value of a Secret in the same namespace, which is made by whoever knows it, never here. */
export interface SecretKey {
  readonly secretName: string;
  readonly key: string;
}
