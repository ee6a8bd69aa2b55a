import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mtaBase } from './mta/places.js';

/** Those that the package is for. */
export type DebianRelease = 12 | 13;

/** Where scripts/install-debian makes one. */
function baseOf(release: DebianRelease): string {
  return join(mtaBase, `debian-${release}`);
}

/** For the `skip` option; in CI nothing is skipped: what needs it then fails and says why. */
export function skipWithoutDebian(release: DebianRelease): string | false {
  if (process.env['CI'] === 'true' || existsSync(join(baseOf(release), 'usr/bin/node')))
    return false;
  return `there is no Debian ${release} here; scripts/install-debian ${release} makes one`;
}

/** Much more than any of it takes on a quiet machine. */
const LIMIT_MS = 300_000;

const lastUnit = '/etc/systemd/system/last.service';

/** Ends the machine, whatever the script comes to. */
const lastService = `[Unit]
After=greymilter.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'sh -ex /var/lib/last.sh >/var/lib/last.out 2>&1; systemctl poweroff --force --force'
TimeoutStartSec=240
[Install]
WantedBy=multi-user.target`;

/** A Debian of one's own: what is changed in it lies in a directory of the test's. */
export class DebianRoot {
  /** Its files as they are after a change; what has not changed is not there. */
  readonly changed: string;
  readonly #base: string;
  readonly #work: string;
  readonly #root: string;

  constructor(release: DebianRelease, directory: string) {
    this.#base = baseOf(release);
    const [changed, work, root] = ['changed', 'work', 'root'].map((name) => join(directory, name));
    if (changed === undefined || work === undefined || root === undefined) throw new RangeError();
    for (const each of [changed, work, root]) mkdirSync(each, { recursive: true });
    [this.changed, this.#work, this.#root] = [changed, work, root];
  }

  /**
   * Runs a script of the shell in there, with mounts, processes and a `/proc` that end with it; rejects
   * if it fails.
   *
   * @returns what it has printed
   */
  async run(script: string): Promise<string> {
    const layers = `lowerdir=${this.#base},upperdir=${this.changed},workdir=${this.#work}`;
    const enter = [
      `mount -t overlay -o ${layers} none ${this.#root}`,
      `mount -t proc proc ${this.#root}/proc`,
      `exec chroot ${this.#root} sh -euc "$1"`,
    ];
    const own = ['--mount', '--pid', '--fork', '--kill-child', '--net'];
    const { stdout, stderr } = await promisify(execFile)(
      'unshare',
      [...own, 'sh', '-euc', enter.join('\n'), 'sh', script],
      { timeout: LIMIT_MS, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' } },
    );
    return stdout + stderr;
  }

  /**
   * Boots it, with a systemd of its own and no network, runs a script of the shell as its last service,
   * and shuts it down.
   *
   * @returns what the script has printed
   */
  async boot(script: string): Promise<string> {
    await this
      .run(`cat >/var/lib/last.sh <<'END'\n${script}\nEND\ncat >${lastUnit} <<'END'\n${lastService}\nEND
systemctl enable last.service`);
    const layers = `lowerdir=${this.#base},upperdir=${this.changed},workdir=${this.#work}`;
    // Where systemd still finds the old kind of control groups it refuses them, unless it is told.
    const legacy = ['SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1', 'systemd.unified_cgroup_hierarchy=0'];
    const isLegacy = !existsSync('/sys/fs/cgroup/cgroup.controllers');
    const nspawn = [
      'systemd-nspawn',
      '--quiet',
      '--register=no',
      '--keep-unit',
      '--private-network',
    ];
    const command = [...nspawn, '--boot', '-D', this.#root, ...(isLegacy ? legacy : [])];
    const enter = `mount -t overlay -o ${layers} none ${this.#root}\nexec "$@"`;
    await promisify(execFile)('unshare', ['--mount', 'sh', '-euc', enter, 'sh', ...command], {
      timeout: LIMIT_MS,
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        ...(isLegacy && { SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '0' }),
      },
    });
    return await this.run('cat /var/lib/last.out; systemctl disable last.service 2>/dev/null');
  }

  /** Whether there is such a path, changed or not. */
  async has(path: string): Promise<boolean> {
    return (await this.run(`[ -e '${path}' ] && echo yes || echo no`)).trim() === 'yes';
  }
}
