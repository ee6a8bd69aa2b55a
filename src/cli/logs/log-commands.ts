import type { Argv } from 'yargs';
import { chooseCommand } from '../arguments/chosen-command.js';
import type { Output } from '../terminal/output.js';
import { filesPositional } from './log-options.js';
import { postgreyreportOptions } from './postgreyreport-options.js';
import { replayOptions } from './replay-options.js';
import { reportOptions } from './report-options.js';
import { tuneOptions } from './tune-options.js';

/** The commands that read logs. */
export const logCommands = ['report', 'postgreyreport', 'tune', 'replay'] as const;

/** Adds them. */
export function withLogCommands<T>(argv: Argv<T>, output: Output): Argv<T> {
  return argv
    .command(
      'report [files..]',
      'Who was greylisted, who came back, and who did not, by the logs',
      (inner) => reportBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { report } = await import('./report.js');
          return await report(parsed, output);
        }),
    )
    .command(
      'postgreyreport [files..]',
      "What never got through, with postgreyreport's options and columns",
      (inner) => postgreyreportBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { postgreyreport } = await import('./postgreyreport.js');
          return await postgreyreport(parsed, output);
        }),
    )
    .command(
      'tune [files..]',
      'What other delays would have done, by the logs',
      (inner) => tuneBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { tune } = await import('./tune.js');
          return await tune(parsed, output);
        }),
    )
    .command(
      'replay [files..]',
      'What another configuration would have said to the mail of the logs',
      (inner) => replayBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { replay } = await import('./replay.js');
          return await replay(parsed, output);
        }),
    );
}

function postgreyreportBuilder(argv: Argv) {
  return argv
    .positional('files', filesPositional)
    .options(postgreyreportOptions)
    .example('zcat /var/log/mail.log.1.gz | $0 postgreyreport', '')
    .example('$0 postgreyreport --show_tries --check_sender=mx,a < mail.log', '')
    .example('$0 postgreyreport --config /etc/greymilter/greymilter.yaml < mail.log', '')
    .example('$0 postgreyreport --from-store --config /etc/greymilter/greymilter.yaml', '')
    .epilogue(
      'What got through is what the log says, and with --config or --store what is stored as well; with ' +
        '--from-store what waits there is listed, and no log is read. IPv6 ' +
        'clients and null senders, which are shown as <>, are in it.\n\n' +
        'Exit code: 0 done; 64 the command line is wrong; 65 a log or the configuration cannot be ' +
        'read; 69 filter or store cannot be asked; 77 no permission to.',
    );
}

function tuneBuilder(argv: Argv) {
  return argv
    .positional('files', filesPositional)
    .options(tuneOptions)
    .example('$0 tune /var/log/mail.log*', '')
    .example('$0 tune --delay 2m --delay 5m --delay 15m mail.log', '')
    .epilogue(
      'Only mail counts whose beginning and end are in the logs: give some weeks. Learning and shadow ' +
        'mode are left out.\n\n' +
        'Exit code: 0 done; 1 there is nothing to learn from; 64 the command line is wrong; 65 a log ' +
        'cannot be read; 77 no permission to.',
    );
}

function replayBuilder(argv: Argv) {
  return argv
    .positional('files', filesPositional)
    .options(replayOptions)
    .example('$0 replay --config new.yaml /var/log/mail.log*', '')
    .example('$0 replay --config greymilter.yaml --set greylist.delay=10m mail.log', '')
    .epilogue(
      'Nothing is asked and nothing is changed: a lookup that the log does not tell the answer of is ' +
        'unknown, and message-rules are not asked.\n\n' +
        'Exit code: 0 done; 1 no line tells of a decision; 64 the command line is wrong; 65 a log or ' +
        'the configuration is wrong; 77 no permission to read one.',
    );
}

function reportBuilder(argv: Argv) {
  return argv
    .positional('files', filesPositional)
    .options(reportOptions)
    .example('$0 report /var/log/mail.log*', 'Packed or not, in any order')
    .example('journalctl -u greymilter -o json | $0 report', '')
    .example('$0 report --list never mail.log', 'What never came back')
    .example('$0 report --by client-domain --by recipient --top 20 mail.log', '')
    .epilogue(
      'Understood are the lines of greymilter (text and JSON), Postgrey, milter-greylist, and those in ' +
        'which Postfix puts a mail off, from a file, syslog or the journal. Where Sendmail asks the filter, give ' +
        "the filter's own log: Sendmail's lines name neither client nor sender.\n\n" +
        'Exit code: 0 done; 1 no line tells of greylisting; 64 the command line is wrong; 65 a log ' +
        'cannot be read; 77 no permission to.',
    );
}
