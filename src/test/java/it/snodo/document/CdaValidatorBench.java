package it.snodo.document;

import it.snodo.config.ConfigFolder;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU per validation, warm: {@code java -cp … it.snodo.document.CdaValidatorBench FILE}. Not a test. */
final class CdaValidatorBench {

    private CdaValidatorBench() {}

    public static void main(String[] args) throws Exception {
        byte[] cda = Files.readAllBytes(Path.of(args[0]));
        var threads = ManagementFactory.getThreadMXBean();
        long begun = System.nanoTime();
        CdaValidator validator =
                CdaValidator.of(new ConfigFolder(Path.of(".")), null, args.length > 1 ? Path.of(args[1]) : null, null);
        validator.validate(cda);
        System.out.printf("first: %d ms%n", (System.nanoTime() - begun) / 1_000_000);
        for (int round = 0; round < 8; round++) {
            long cpu = threads.getCurrentThreadCpuTime();
            int times = 1000;
            for (int i = 0; i < times; i++) {
                validator.validate(cda);
            }
            System.out.printf(
                    "%d bytes: %.3f ms CPU%n", cda.length, (threads.getCurrentThreadCpuTime() - cpu) / 1e6 / times);
        }
    }
}
