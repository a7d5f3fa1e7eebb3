"""What signals do to a process of the command line; one that uses the package as a library keeps its own handlers."""

import signal


def end_as_interrupted() -> None:
    """Have the signals that ask the process to end do as Ctrl-C does: workers are ended, and one line says so."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:  # nohup has the process ignore it
            signal.signal(number, signal.default_int_handler)
