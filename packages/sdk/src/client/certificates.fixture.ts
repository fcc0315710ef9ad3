import { generate } from 'selfsigned';

/** A certificate for `localhost`, signed by itself, so that it is its own authority. */
export async function selfSigned(): Promise<{ readonly cert: string; readonly key: string }> {
  const names = [{ name: 'commonName', value: 'localhost' }];
  const extensions = [
    { name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: 'localhost' }] },
  ];
  const { cert, private: key } = await generate(names, { keyType: 'ec', extensions });
  return { cert, key };
}
