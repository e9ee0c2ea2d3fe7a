package it.snodo.simulator.cup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The simulated CUPs as their own files describe them: {@code simulator/cup/*.csv}, separated by semicolons. */
final class CupFiles {

    /**
     * One azienda's CUP.
     *
     * @param number three digits
     * @param profile SIU, SRM, OMG or FHIR
     * @param cap the most a prescription costs; null for a CUP that was set up wrongly
     */
    record Description(String number, String name, String profile, BigDecimal cap) {
        String azienda() {
            return "010" + number;
        }
    }

    /** @param code the CUP's own; {@code ticket} euro; notes are empty when there is none */
    record Service(String code, String title, BigDecimal ticket, String operatorNote, String patientNote) {}

    /** What one CUP offers, read when it is first asked. */
    record Offer(Map<String, Service> services, Map<String, Agenda> agendas) {}

    private CupFiles() {}

    static List<Description> cups() {
        List<Description> cups = new ArrayList<>();
        for (String[] row : rows("cups.csv")) {
            cups.add(new Description(row[0], row[1], row[2], row[3].isEmpty() ? null : new BigDecimal(row[3])));
        }
        return cups;
    }

    static Offer offer(String number) {
        Map<String, Service> services = new LinkedHashMap<>();
        for (String[] row : rows("services.csv")) {
            if (row[0].equals(number)) {
                services.put(row[1], new Service(row[1], row[2], new BigDecimal(row[3]), row[4], row[5]));
            }
        }
        Map<String, Agenda> agendas = new LinkedHashMap<>();
        for (String[] row : rows("agendas.csv")) {
            if (row[0].equals(number)) {
                agendas.put(row[1], Agenda.of(row));
            }
        }
        return new Offer(services, agendas);
    }

    /** Rows without the heading; lines that begin with # are remarks. */
    private static List<String[]> rows(String file) {
        try (InputStream in = CupFiles.class.getResourceAsStream("/simulator/cup/" + file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .skip(1)
                    .map(line -> line.split(";", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
