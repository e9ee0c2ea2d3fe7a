package it.snodo.document;

import java.io.PrintStream;

/** {@code validate [--json] FILE…}: the hub's document checks from the command line. */
public final class ValidateCommand {

    private ValidateCommand() {}

    public static int run(String[] args, PrintStream out, PrintStream err) {
        err.println("not yet");
        return 2;
    }
}
