import { ioError, notFound } from 'toru-plugin-api'
import { pipe, RTE, TE } from 'toru-plugin-api/fp'
import { FIELDS, newest, parseJournal } from './journal.js'
import { refusal, withheldEntries } from './refusal.js'
import type { Action, AvailableService, LogEntry, Service } from './service.js'
import type { ServiceName } from './service-name.js'
import type { Command, Output, Systemd } from './system.js'
import { availableFrom, PROPERTIES, parseShow, serviceFrom } from './units.js'

/**
 * How long systemd may take to answer, and a service to start or stop, in milliseconds.
 */
const READ = 8_000
const CONTROL = 15_000

/**
 * How many characters the messages of an answer may have together: escaped twice, they still fit
 * into one message to the host.
 */
const LOG_CHARACTERS = 1_000_000

/** The state of services, in the order of the names, with one command for all of them. */
export const show = (names: ReadonlyArray<ServiceName>): Systemd<ReadonlyArray<Service>> =>
  // Without a name, systemctl shows the manager itself.
  names.length === 0
    ? RTE.right([])
    : pipe(
        systemctl(READ, 'show', `--property=${PROPERTIES.join(',')}`, '--', ...names),
        RTE.map(({ stdout }) => parseShow(stdout)),
        RTE.filterOrElse(
          units => units.length === names.length,
          units =>
            ioError(`systemctl was asked for ${names.length} services and showed ${units.length}`),
        ),
        RTE.chain(units =>
          RTE.asks(({ now }) =>
            names.map((name, index) => serviceFrom(name, units[index] ?? new Map(), now())),
          ),
        ),
      )

/** The state of a service; `unknown` if there is no such service. */
export const showOne = (name: ServiceName): Systemd<Service> =>
  pipe(
    show([name]),
    RTE.chain(([service]) =>
      service === undefined
        ? RTE.left(ioError(`systemctl showed nothing of ${name}`))
        : RTE.right(service),
    ),
  )

/** Every service that systemd has loaded or has a file of. */
export const available = (): Systemd<ReadonlyArray<AvailableService>> =>
  pipe(
    RTE.Do,
    RTE.apS(
      'units',
      systemctl(READ, 'list-units', '--type=service', '--all', '--plain', '--no-legend', '--full'),
    ),
    RTE.apS('files', systemctl(READ, 'list-unit-files', '--type=service', '--no-legend', '--full')),
    RTE.map(({ units, files }) => availableFrom(units.stdout, files.stdout)),
  )

/**
 * Starts, stops or restarts a service, waits until systemd is done, and reads its state.
 */
export const control = (action: Action, name: ServiceName): Systemd<Service> =>
  pipe(
    systemctl(CONTROL, action, '--', name),
    RTE.chain(() => showOne(name)),
  )

/** A service that systemd knows; 404 for another. */
export const known = (name: ServiceName): Systemd<Service> =>
  pipe(
    showOne(name),
    RTE.filterOrElse(
      ({ status }) => status !== 'unknown',
      () => notFound(`there is no service ${name}`),
    ),
  )

/**
 * The latest entries of a service's journal, oldest first. If there are none because there is no
 * such service or no systemd, that is the error.
 */
export const logs = (name: ServiceName, lines: number): Systemd<ReadonlyArray<LogEntry>> =>
  pipe(
    run({
      program: 'journalctl',
      // The newest come first, so that they remain if the output is cut.
      args: [
        '--no-pager',
        `--unit=${name}`,
        `--lines=${lines}`,
        '--reverse',
        '--output=json',
        `--output-fields=${FIELDS.join(',')}`,
      ],
      deadline: READ,
    }),
    RTE.filterOrElse(
      output => output.stdout !== '' || !withheldEntries(output),
      output => refusal('journalctl', output),
    ),
    RTE.map(({ stdout }) => newest(parseJournal(stdout), LOG_CHARACTERS)),
    RTE.chainFirst(entries => (entries.length > 0 ? RTE.right(undefined) : known(name))),
  )

const systemctl = (deadline: number, ...args: ReadonlyArray<string>): Systemd<Output> =>
  run({ program: 'systemctl', args: ['--no-pager', '--no-ask-password', ...args], deadline })

/** Runs a command; one that fails is an error that says why. */
const run =
  (command: Command): Systemd<Output> =>
  session =>
    pipe(
      session.run(command, session.signal),
      TE.filterOrElse(
        ({ code }) => code === 0,
        output => refusal(command.program, output),
      ),
    )
