package it.snodo.bench;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Certificate requests as HL7 v2, each of another invented person; the same number always gives the same message. */
final class Messages {

    private static final String[] FAMILIES = {
        "ROSSI", "D'ANGELO", "FERRARI", "DE LUCA", "MÜLLER", "CONTÙ", "BOGGIO", "GRIBAUDO", "ŠKRTIĆ", "PEYRON"
    };
    private static final String[] GIVEN = {
        "ELENA MARIA", "NICOLÒ", "GIUSEPPE", "ANNA", "JOSÉ", "LUCIA", "PIER LUIGI", "SARA", "MARCO", "ZOË"
    };
    /** Exemption and a diagnosis that goes with it. */
    private static final String[][] CASES = {
        {"0A02", "MALATTIE CARDIACHE", "395", "VALVOLA AORTICA"},
        {"013", "DIABETE MELLITO", "250.0", "DIABETE MELLITO"},
        {"RA0030", "MALATTIA DI LYME", "F022", "-"},
        {"001", "ACROMEGALIA", "253.0", "ACROMEGALIA"},
        {"031", "IPERTENSIONE", "401", "IPERTENSIONE ESSENZIALE"},
    };

    private static final String[] SENTENCES = {
        "Valvulopatia con stenosi di grado moderato, documentata all'ecocardiogramma.",
        "Terapia ben tollerata; è utile un controllo fra tre mesi.",
        "Pressione arteriosa 135/80 mmHg, ritmo sinusale, frequenza 72 battiti al minuto.",
        "Esami ematici nella norma, salvo lieve rialzo della creatinina (1,3 mg/dL).",
        "Il paziente riferisce dispnea per sforzi di media entità; non edemi declivi.",
        "Si consiglia dieta iposodica e attività fisica moderata e regolare."
    };
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    private Messages() {}

    /**
     * A complete {@code MDM^T02} of the hub's profile.
     *
     * @param run a word that makes this run's ids unlike every other's
     * @param number chooses person, case and texts
     * @param length bytes that the message shall have at least; longer texts fill it up
     */
    static byte[] certificate(String run, int number, int length) {
        Random random = new Random(number);
        String[] what = CASES[number % CASES.length];
        LocalDate birth = LocalDate.of(1930, 1, 1).plusDays(random.nextInt(25_000));
        boolean female = random.nextBoolean();
        LocalDate visit = LocalDate.now().minusDays(1 + number % 20);
        String at = visit.format(DAY) + "1030";
        StringBuilder text = new StringBuilder();
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
            sentence(text, random);
        }
        String start = "MSH|^~\\&|CARTELLA|ASL CITTA' DI TORINO^010301^ISO|SNODO|REGIONE|" + at + "||MDM^T02^MDM_T02|"
                + run
                + "-" + number + "|P|2.5||||||UNICODE UTF-8\r"
                + "EVN|T02|" + at + "\r"
                + "PID|1||" + fiscalCode(random, birth, female) + "^^^MEF&2.16.840.1.113883.2.9.4.3.2&ISO^NNITA||"
                + FAMILIES[random.nextInt(FAMILIES.length)] + "^" + GIVEN[random.nextInt(GIVEN.length)] + "||"
                + birth.format(DAY) + "|" + (female ? "F" : "M") + "|||VIA NIZZA " + (1 + random.nextInt(300))
                + "^^TORINO^TO^10126^100^H^^001272||^PRN^PH^^39^011^" + (1_000_000 + number % 1_000_000)
                + "||||||||||TORINO\r"
                + "PV1|1|O|44946^^^010003&2.16.840.1.113883.2.9.4.1.2&ISO^^^^^Cardiologia" + "|".repeat(16) + "AMB"
                + number + "|".repeat(25) + at + "\r"
                + "TXA|1|11488-4|TX|" + at + "|GRBPLA72C54L219X^GRIBAUDO^PAOLA^^^^^^MEF|||||||" + run + "C" + number
                + "^CARTELLA|||||LA|\r"
                + "OBX|1|TX|29299-5^Quesito^LN||Controllo programmato n. " + number + ".||||||F\r"
                + "OBX|2|CE|29308-4^Diagnosi^LN||" + what[2] + "^" + what[3] + "^I9C||||||F\r"
                + "OBX|3|CE|57827-8^Codice esenzione^LN||" + what[0] + "^" + what[1] + "^99ESE||||||F\r";
        String end = ".||||||F\r"
                + "OBX|5|CE|62387-6^Prestazione^LN||89.01.3^VISITA CARDIOLOGICA DI CONTROLLO^99NTR||||||F\r"
                + "OBX|6|FT|55110-1^Conclusioni^LN||Si conferma la malattia e si propone l'esenzione " + what[0]
                + ".||||||F\r"
                + "OBX|7|IS|REGIME^Regime^99SNODO||SSN||||||F\r"
                + "OBX|8|ID|LEGGI-SPECIALI^^99SNODO||N||||||F\r"
                + "OBX|9|ST|AUTH-TEL^Recapito dell'autore^99SNODO||+390115550100||||||F\r"
                + "OBX|10|ID|TICKET^Ticket^99SNODO||S||||||F\r";
        String field = "OBX|4|FT|47045-0^È affetto dalla seguente patologia^LN||";
        while ((start + field + text + end).getBytes(StandardCharsets.UTF_8).length < length) {
            sentence(text, random);
        }
        return (start + field + text + end).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Certificates without end for senders that must not spend their time on writing them: each has a number of its own;
     * persons, cases and texts begin again after as many as were written beforehand.
     */
    static final class Series {

        private static final int FIRST = 100_000_000;
        private static final int DIGITS = 9;

        private final byte[][] written;
        private final int[][] places;
        private final AtomicInteger next = new AtomicInteger();

        /** @param different how many are written beforehand */
        Series(String run, int different, int length) {
            written = new byte[different][];
            places = new int[different][];
            for (int i = 0; i < different; i++) {
                written[i] = certificate(run, FIRST + i, length);
                places[i] = places(written[i], String.valueOf(FIRST + i).getBytes(StandardCharsets.US_ASCII));
            }
        }

        byte[] next() {
            int number = next.getAndIncrement();
            byte[] message = written[number % written.length].clone();
            for (int place : places[number % written.length]) {
                for (int i = DIGITS - 1, rest = FIRST + number; i >= 0; i--, rest /= 10) {
                    message[place + i] = (byte) ('0' + rest % 10);
                }
            }
            return message;
        }

        private static int[] places(byte[] message, byte[] number) {
            return IntStream.range(0, message.length - DIGITS)
                    .filter(at -> Arrays.equals(message, at, at + DIGITS, number, 0, DIGITS))
                    .toArray();
        }
    }

    private static void sentence(StringBuilder text, Random random) {
        text.append(text.isEmpty() ? "" : random.nextInt(3) == 0 ? "\\.br\\" : " ")
                .append(SENTENCES[random.nextInt(SENTENCES.length)]);
    }

    private static String fiscalCode(Random random, LocalDate birth, boolean female) {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            code.append("BCDFGLMNPRSTVZ".charAt(random.nextInt(14)));
        }
        code.append("%02d%c%02dL219"
                .formatted(
                        birth.getYear() % 100,
                        "ABCDEHLMPRST".charAt(birth.getMonthValue() - 1),
                        birth.getDayOfMonth() + (female ? 40 : 0)));
        int[] odd = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            char c = code.charAt(i);
            int value = Character.isDigit(c) ? c - '0' : c - 'A';
            sum += i % 2 == 0 ? odd[value] : value;
        }
        return code.append((char) ('A' + sum % 26)).toString();
    }
}
