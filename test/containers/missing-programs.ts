import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';

/** What Debian's podman, buildah, debootstrap, netavark, aardvark-dns, iptables and catatonit bring. */
const programs = ['podman', 'buildah', 'debootstrap', 'iptables', 'catatonit'];

/** Why containers cannot be run here, or undefined where they can. */
export function missingForContainers(): string | undefined {
  if (process.platform !== 'linux') return 'they need Linux';
  if (process.geteuid?.() !== 0) return 'debootstrap needs root';
  const missing = programs.filter((program) => !isInstalled(program));
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
}

/** Why compose.yaml cannot be run here, or undefined where it can. */
export function missingForCompose(): string | undefined {
  return (
    missingForContainers() ?? (isInstalled('podman-compose') ? undefined : 'not installed: podman-compose')
  );
}

function isInstalled(program: string): boolean {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/libexec/podman`;
  return path.split(delimiter).some((directory) => existsSync(join(directory, program)));
}
