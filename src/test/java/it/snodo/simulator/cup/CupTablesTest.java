package it.snodo.simulator.cup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/** The CUPs have tables of their own; what both sides must know they know alike. */
class CupTablesTest {

    private static List<CSVRecord> mappings(String file) throws IOException {
        try (Reader in = Files.newBufferedReader(Path.of("mappings", file))) {
            return CSVFormat.DEFAULT
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get()
                    .parse(in)
                    .getRecords();
        }
    }

    @Test
    void the_cups_offer_the_local_codes_that_the_hub_knows_and_no_other() throws IOException {
        Map<String, TreeSet<String>> known = new TreeMap<>();
        for (CSVRecord row : mappings("booking-local-codes.csv")) {
            known.computeIfAbsent(row.get("azienda"), azienda -> new TreeSet<>())
                    .add(row.get("local_code"));
        }
        Map<String, TreeSet<String>> offered = new TreeMap<>();
        for (CupFiles.Description cup : CupFiles.cups()) {
            offered.put(
                    cup.azienda(),
                    new TreeSet<>(CupFiles.offer(cup.number()).services().keySet()));
        }
        assertThat(offered).isEqualTo(known).hasSize(18);
    }

    @Test
    void each_cup_speaks_what_the_hub_believes() throws IOException {
        Map<String, String> believed = new TreeMap<>();
        for (CSVRecord row : mappings("aziende.csv")) {
            if (!row.get("profile").isEmpty()) {
                believed.put(row.get("code"), row.get("profile"));
            }
        }
        Map<String, String> spoken = new TreeMap<>();
        CupFiles.cups().forEach(cup -> spoken.put(cup.azienda(), cup.profile()));
        assertThat(spoken).isEqualTo(believed);
    }

    @Test
    void every_service_has_an_agenda_and_every_agenda_only_services_of_its_cup() {
        for (CupFiles.Description cup : CupFiles.cups()) {
            CupFiles.Offer offer = CupFiles.offer(cup.number());
            TreeSet<String> inAgendas = new TreeSet<>();
            offer.agendas().values().forEach(agenda -> inAgendas.addAll(agenda.services()));
            assertThat(inAgendas)
                    .as(cup.number())
                    .isEqualTo(new TreeSet<>(offer.services().keySet()));
            assertThat(offer.agendas().values()).as(cup.number()).allSatisfy(agenda -> {
                assertThat(agenda.id()).startsWith("AG-" + cup.number() + "-");
                assertThat(agenda.starts()).isNotEmpty();
                assertThat(agenda.first()).isBetween(1, Agenda.HORIZON - 10);
            });
        }
    }
}
