// How `lab` finds the Debian mirror of a machine: from apt's own configuration, in both of its forms, and never a
// third party's. Runs the shell functions of cmake/lab/emscripten.sh on written-out configurations.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../cmake/lab/emscripten.sh', import.meta.url));
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
let etc = '';

function write(name: string, text: string): void {
  const file = join(etc, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function mirror(): string {
  return execFileSync('bash', ['-c', `. '${script}'; debian_mirror`], {
    encoding: 'utf8',
    env: { ...process.env, APT_ETC: etc, OS_RELEASE: join(etc, 'os-release') },
  }).trim();
}

beforeEach(() => {
  etc = mkdtempSync(join(tmpdir(), 'x2g-apt-'));
  write('os-release', 'PRETTY_NAME="Debian"\nID=debian\nVERSION_CODENAME=bookworm\n');
});
afterEach(() => rmSync(etc, { recursive: true, force: true }));

describe('the Debian mirror in apt’s configuration', () => {
  it('is read from a deb822 file with comments inside a stanza, and security is not taken for it', () => {
    write(
      'sources.list.d/debian.sources',
      `Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: ${KEYRING}

Types: deb
# http://snapshot.example/archive
URIs: https://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: ${KEYRING}
`,
    );
    expect(mirror()).toBe(`https://mirror.example/debian\t${KEYRING}`);
  });

  it('is read from one-line entries with and without options, commented ones aside', () => {
    write(
      'sources.list',
      `# deb http://old.example/debian bookworm main
deb [arch=amd64 signed-by=/etc/apt/keys/debian-archive.gpg] http://mirror.example/debian bookworm main contrib
`,
    );
    expect(mirror()).toBe('http://mirror.example/debian\t/etc/apt/keys/debian-archive.gpg');
    write('sources.list', 'deb http://plain.example/debian/ bookworm contrib main\n');
    expect(mirror()).toBe(`http://plain.example/debian/\t${KEYRING}`);
  });

  it('goes before a third party that uses the same suite and component', () => {
    write(
      'sources.list.d/a.list',
      'deb [signed-by=/etc/keys/x.gpg] https://tools.example/apt bookworm main\n',
    );
    write('sources.list.d/z.list', 'deb http://mirror.example/debian bookworm main\n');
    expect(mirror()).toBe(`http://mirror.example/debian\t${KEYRING}`);
  });

  it('may have any path when nothing looks more like it', () => {
    write('sources.list', 'deb http://cache.example/proxy-of-debian-packages bookworm main\n');
    expect(mirror()).toBe(`http://cache.example/proxy-of-debian-packages\t${KEYRING}`);
  });

  it('is none where a stanza is switched off, another suite is meant, or the system is not Debian', () => {
    write(
      'sources.list.d/debian.sources',
      'Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\nComponents: main\nEnabled: no\n',
    );
    write('sources.list', 'deb http://mirror.example/ubuntu noble main\n');
    expect(mirror()).toBe('');
    write('sources.list', 'deb http://mirror.example/debian bookworm main\n');
    write('os-release', 'ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=bookworm\n');
    expect(mirror()).toBe('');
  });
});
