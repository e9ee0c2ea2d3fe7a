package it.snodo.simulator.fse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** An invented RSA document of our own, and its PDF. */
final class SampleCda {
    static final String PERSON = "PROVAX00X00X000Y";

    private SampleCda() {}

    static String text() {
        try (InputStream in = SampleCda.class.getResourceAsStream("/simulator/rsa.xml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static CdaText changed(UnaryOperator<String> change) {
        return new CdaText(change.apply(text()).getBytes(StandardCharsets.UTF_8));
    }

    /** A PDF with the sample inside, its id made of {@code number}. */
    static byte[] pdf(String number, UnaryOperator<String> change) {
        String cda = change.apply(text().replace("PROVA-1", "PROVA-" + number));
        return SamplePdf.with(cda.getBytes(StandardCharsets.UTF_8), "cda.xml");
    }

    static byte[] pdf(String number) {
        return pdf(number, UnaryOperator.identity());
    }
}
