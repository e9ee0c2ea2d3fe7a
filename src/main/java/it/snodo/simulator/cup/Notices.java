package it.snodo.simulator.cup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.cup.Refusal.About;
import it.snodo.simulator.wire.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;

/** What the people at a CUP decide by themselves, and tell the hub over MLLP: SIU^S15, S13, S26. */
final class Notices {
    private static final int PATIENCE = 30_000;

    private final CupSettings settings;

    Notices(CupSettings settings) {
        this.settings = settings;
    }

    /**
     * Carries out and tells. Members of the order: {@code event} (S15, S13 or S26); {@code filler} or {@code placer} for one
     * booking, or {@code day} with or without {@code agenda} for all of that day; {@code start} where S13 moves to (absent: the
     * next free place); {@code reason}; {@code forceMajeure}; {@code hubPort} when it is another than usual.
     *
     * @throws IllegalArgumentException when the order makes no sense
     */
    ArrayNode order(Cup cup, JsonNode order) {
        String event = order.path("event").asText();
        if (!List.of("S13", "S15", "S26").contains(event)) {
            throw new IllegalArgumentException("event può essere S13, S15 o S26");
        }
        ArrayNode told = Json.array();
        try {
            for (Booking booking : chosen(cup, order)) {
                Booking now =
                        switch (event) {
                            case "S13" ->
                                cup.moved(
                                        booking,
                                        order.hasNonNull("start")
                                                ? LocalDateTime.parse(
                                                        order.path("start").asText())
                                                : null);
                            case "S15" -> cup.cancelled(booking, Booking.State.REVOKED);
                            default -> cup.cancelled(booking, Booking.State.NO_SHOW);
                        };
                told.add(tell(cup, event, now, order));
            }
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("un giorno è aaaa-mm-gg, un orario aaaa-mm-ggThh:mm");
        } catch (Refusal refusal) {
            throw new IllegalArgumentException(refusal.getMessage());
        }
        return told;
    }

    private static List<Booking> chosen(Cup cup, JsonNode order) {
        if (order.hasNonNull("day")) {
            return cup.onDay(
                    order.hasNonNull("agenda") ? order.path("agenda").asText() : null,
                    LocalDate.parse(order.path("day").asText()));
        }
        Booking one = order.hasNonNull("filler")
                ? cup.byFiller(order.path("filler").asText())
                : cup.find(order.path("placer").asText());
        if (one == null || !one.isInForce()) {
            throw new Refusal(204, "NON-TROVATA", About.PLACER, "Nessuna prenotazione in vigore con quel codice");
        }
        return List.of(one);
    }

    private ObjectNode tell(Cup cup, String event, Booking booking, JsonNode order) {
        Hl7Replies words = new Hl7Replies(cup);
        String id = words.controlId();
        String message = siu(cup, words, event, id, booking, order);
        ObjectNode told = Json.object()
                .put("event", event)
                .put("filler", booking.filler())
                .put("placer", booking.placer())
                .put("controlId", id);
        String answer = "";
        int port = order.path("hubPort").asInt(settings.hubPort());
        try {
            answer = exchange(port, message);
            told.put("answer", answer);
        } catch (IOException e) {
            told.put("failure", "Nessuna risposta dall'hub sulla porta " + port + ": " + e.getMessage());
        }
        cup.note("NOTIFY", booking.placer(), id, message, answer, told.has("failure") ? "" : "inviata");
        return told;
    }

    private static String siu(Cup cup, Hl7Replies words, String event, String id, Booking booking, JsonNode order) {
        String own = "CUP" + cup.description.number();
        String status =
                switch (event) {
                    case "S13" -> "Booked";
                    case "S15" -> "Cancelled";
                    default -> "Noshow";
                };
        boolean forceMajeure = order.path("forceMajeure").asBoolean();
        String usual = event.equals("S26") ? "Paziente non presentato" : "Agenda sospesa";
        String reason = order.path("reason").asText(forceMajeure ? "Causa di forza maggiore documentata" : usual);
        Booking.Line first = booking.lines().get(0);
        int minutes = words.minutes(first);
        StringBuilder siu = new StringBuilder("MSH|^~\\&|CUP|" + cup.description.azienda())
                .append("^2.16.840.1.113883.2.9.4.1.1^ISO|SOVRACUP|010|")
                .append(Hl7.time(cup.now()))
                .append("||SIU^")
                .append(event)
                .append("^SIU_S12|")
                .append(id)
                .append("|P|2.5|||||ITA|UNICODE UTF-8\r");
        siu.append("SCH|").append(Hl7.escaped(booking.placer()));
        siu.append("^SOVRACUP^2.16.840.1.113883.2.9.2.10.4.13.1^ISO|")
                .append(booking.filler())
                .append('^')
                .append(own);
        siu.append("|||")
                .append(first.agenda())
                .append('|')
                .append(forceMajeure ? "FORZA_MAGGIORE" : event)
                .append('^');
        siu.append(Hl7.escaped(reason)).append("|||").append(minutes).append("|min|");
        siu.append(Hl7Replies.timing(first.start(), minutes))
                .append("|||||")
                .append(own)
                .append("^SPORTELLO||||");
        siu.append(own).append("^SPORTELLO|||||").append(status).append("^^HL70278\r");
        words.person(siu, booking.person());
        int number = 0;
        for (Booking.Line line : booking.lines()) {
            Agenda agenda = cup.offer().agendas().get(line.agenda());
            siu.append("RGS|").append(++number).append("|U\r");
            siu.append("AIS|1|U|")
                    .append(words.service(line.service()))
                    .append('|')
                    .append(Hl7.time(line.start()));
            siu.append("|||")
                    .append(agenda.minutes())
                    .append("|min||")
                    .append(status)
                    .append("^^HL70278\r");
            siu.append("AIG|1|U|").append(agenda.id()).append("|AGENDA\r");
            siu.append("AIL|1|U|").append(words.place(agenda)).append('\r');
        }
        return siu.toString();
    }

    /** Sends one frame and reads the next. */
    private String exchange(int port, String message) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(settings.hubHost(), port), PATIENCE);
            socket.setSoTimeout(PATIENCE);
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.write(0x0B);
            frame.writeBytes(message.getBytes(StandardCharsets.UTF_8));
            frame.write(0x1C);
            frame.write(0x0D);
            socket.getOutputStream().write(frame.toByteArray());
            InputStream in = new BufferedInputStream(socket.getInputStream());
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            for (int next = in.read(); next != 0x1C; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("la connessione è stata chiusa");
                }
                if (next != 0x0B) {
                    answer.write(next);
                }
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
