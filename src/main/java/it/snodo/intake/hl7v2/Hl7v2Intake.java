package it.snodo.intake.hl7v2;

import io.netty.channel.ChannelHandlerContext;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAsk;
import it.snodo.booking.BookingReading;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.certificate.CertificateRequest.Sender;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.intake.Answered;
import it.snodo.intake.Arrival;
import it.snodo.intake.BookingArrival;
import it.snodo.intake.ContentId;
import it.snodo.intake.Incoming;
import it.snodo.intake.Incoming.Outcome;
import it.snodo.intake.Quarantine;
import it.snodo.intake.Unavailable;
import it.snodo.registry.Peer;
import it.snodo.registry.Peers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.component.netty.NettyConstants;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jms.JmsException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The HL7 v2 intake, named {@code hl7v2Intake} in the routes: reads a frame into the messages it carries, and makes the
 * one frame that answers them. Whatever the bytes are, reading ends with messages that can be answered.
 */
@Component("hl7v2Intake")
public class Hl7v2Intake {

    private static final Logger LOG = LoggerFactory.getLogger(Hl7v2Intake.class);
    private static final String FRAME = "hl7v2Frame";
    private static final String ARRIVAL = "hl7v2Arrival";
    /** Set for a booking: the route takes another way with it. */
    private static final String BOOKING = "hl7v2Booking";

    private static final String PROTOCOL = "MLLP";
    private static final Map<String, Action> MDM_EVENTS =
            Map.of("T02", Action.NEW, "T10", Action.REPLACEMENT, "T11", Action.ANNULMENT);

    private static final Set<String> ENVELOPE_SEGMENTS = Set.of("FHS", "BHS", "BTS", "FTS");
    /** Longer ids and names would not fit the journal's keys. */
    private static final int MAX_CONTROL_ID = 199;

    private static final int MAX_SENDER = 460;
    private static final int MAX_WARNINGS = 1000;
    /** In bytes. To read more takes long enough for the other connections of the same thread to notice. */
    private static final int READ_AT_ONCE = 64 * 1024;

    private final MllpProperties properties;
    private final Quarantine quarantine;
    private final Peers peers;
    private final Set<String> wrongDeclarations = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor readers;

    Hl7v2Intake(MllpProperties properties, Quarantine quarantine, Peers peers) {
        // how many frames may wait here is limited where their bytes are counted
        readers = new ThreadPoolExecutor(
                properties.workers(), properties.workers(), 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "mllp-reader");
                    thread.setDaemon(true);
                    return thread;
                });
        readers.allowCoreThreadTimeOut(true);
        this.properties = properties;
        this.quarantine = quarantine;
        this.peers = peers;
    }

    // --- steps of the route ----------------------------------------------------------------------------------

    /**
     * Body: the bytes of one frame. Result: its messages, in order, at least one. When there is much to read they come
     * later, since the thread that brought it has other connections to serve.
     */
    public CompletionStage<List<Arrival>> read(Exchange exchange) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        byte[] frame = body == null ? new byte[0] : body;
        ChannelHandlerContext netty = exchange.getMessage()
                .getHeader(NettyConstants.NETTY_CHANNEL_HANDLER_CONTEXT, ChannelHandlerContext.class);
        if (netty == null) {
            return CompletableFuture.completedFuture(read(exchange, frame, Origin.named(null), null));
        }
        MllpDecoder.InWork inWork = netty.channel().attr(MllpDecoder.IN_WORK).get();
        if (inWork != null) {
            inWork.begin();
            exchange.getExchangeExtension().addOnCompletion(new Done(inWork));
        }
        Origin origin = Origin.of(netty);
        MllpDecoder.Problem problem = netty.channel().attr(MllpDecoder.PROBLEM).get();
        return frame.length > READ_AT_ONCE
                ? CompletableFuture.supplyAsync(() -> read(exchange, frame, origin, problem), readers)
                : CompletableFuture.completedFuture(read(exchange, frame, origin, problem));
    }

    private List<Arrival> read(Exchange exchange, byte[] frame, Origin origin, MllpDecoder.Problem problem) {
        Frame read = frame(frame, origin, problem);
        exchange.setProperty(FRAME, read);
        return read.messages;
    }

    /** The exchange has come to its end, whatever became of the connection. */
    private static final class Done extends SynchronizationAdapter {
        private final MllpDecoder.InWork inWork;

        private Done(MllpDecoder.InWork inWork) {
            this.inWork = inWork;
        }

        @Override
        public void onDone(Exchange exchange) {
            inWork.end();
        }
    }

    /**
     * The same for bytes that another way brought (a queue, a file).
     *
     * @param frame one message, or a batch
     * @param peer address or user it came from
     */
    public List<Arrival> read(byte[] frame, String peer) {
        return frame(frame, Origin.named(peer), null).messages;
    }

    /** As {@link #read(byte[], String)} for what lies in quarantine: what makes the hub fail again is thrown. */
    public List<Arrival> readAgain(byte[] frame, String peer) {
        return tryFrame(frame, Origin.named(peer), null).messages;
    }

    /**
     * Body: a message, which stays. Fails when the store has failed for one before it in the same frame: taken now, it
     * would stand before what its sender put it behind.
     */
    public Arrival inTurn(Exchange exchange) {
        Arrival message = exchange.getMessage().getBody(Arrival.class);
        exchange.setProperty(ARRIVAL, message);
        if (message instanceof BookingArrival) {
            exchange.setProperty(BOOKING, true);
        }
        if (exchange.getProperty(FRAME, Frame.class).stopped.get()) {
            throw new SnodoException(
                    SnodoCode.STORE_UNAVAILABLE,
                    "Un messaggio precedente dello stesso blocco non è stato conservato: inviare di nuovo anche questo.");
        }
        return message;
    }

    /**
     * The message of {@link #inTurn}, which could not be taken; the exchange's caught exception says why. Result: its
     * refusal, AE with a code that lets the sender try again.
     */
    public byte[] unavailable(Exchange exchange) {
        Arrival message = exchange.getProperty(ARRIVAL, Arrival.class);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        LOG.error(
                "Message {} {} from {} was not taken: the sender is told to send it again",
                message.type(),
                CertificateReader.shown(message.controlId()),
                CertificateReader.shown(message.sender()),
                failure);
        SnodoCode code = code(failure);
        if (code == SnodoCode.STORE_UNAVAILABLE || code == SnodoCode.DISK_FULL) {
            exchange.getProperty(FRAME, Frame.class).stopped.set(true);
        }
        if (code == SnodoCode.INTERNAL) {
            quarantine.put(message.raw(), message.peer(), failure);
        }
        String reason =
                failure instanceof SnodoException known ? known.getMessage() : code.cause() + " " + code.advice();
        Fault fault = new Fault(code, "", null, reason);
        return message instanceof BookingArrival booking
                ? booking.writer().write(booking, BookingAnswer.refused(List.of(), List.of(fault)))
                : ((Incoming) message)
                        .answer()
                        .build((Incoming) message, new Outcome(0, false, null, null, List.of(fault)));
    }

    /**
     * Body: what became of the messages of one frame, in order, each as {@link Answered} or the bytes of its answer. Result: the
     * content of the one frame that answers it.
     */
    public byte[] answer(Exchange exchange) throws IOException, InvalidPayloadException {
        List<byte[]> answers = new ArrayList<>();
        if (exchange.getMessage().getBody() instanceof List<?> several) {
            several.forEach(each -> answers.add(each instanceof Answered known ? known.answer() : (byte[]) each));
        } else {
            answers.add(exchange.getMessage().getMandatoryBody(byte[].class));
        }
        Frame frame = exchange.getProperty(FRAME, Frame.class);
        if (frame != null && frame.envelope != null) {
            return frame.envelope.around(answers);
        }
        if (answers.size() == 1) {
            return answers.get(0);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] each : answers) {
            out.write(each);
        }
        return out.toByteArray();
    }

    private static SnodoCode code(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SnodoException known) {
                return known.code();
            }
            if (each instanceof DataAccessException
                    || each instanceof TransactionException
                    || each instanceof JmsException
                    || each instanceof SQLException
                    || each instanceof RejectedExecutionException
                    // an edited route that is not back yet: nothing was done with the message
                    || each instanceof DirectConsumerNotAvailableException
                    || Unavailable.isStopping(each)
                    || each instanceof IOException) {
                return SnodoCode.STORE_UNAVAILABLE;
            }
        }
        return SnodoCode.INTERNAL;
    }

    // --- frames ----------------------------------------------------------------------------------------------

    /** @param stopped set when one of the messages could not be stored: those behind it are not taken */
    private record Frame(List<Arrival> messages, BatchEnvelope envelope, AtomicBoolean stopped) {

        Frame(List<Arrival> messages, BatchEnvelope envelope) {
            this(messages, envelope, new AtomicBoolean());
        }
    }

    private Frame frame(byte[] raw, Origin peer, MllpDecoder.Problem problem) {
        try {
            return tryFrame(raw, peer, problem);
        } catch (Er7.TooManySegments e) {
            LOG.warn(
                    "A frame of {} bytes from {} has more than {} segments", raw.length, peer.name(), Er7.MAX_SEGMENTS);
            Fault fault = new Fault(
                    SnodoCode.MESSAGE_UNREADABLE,
                    "",
                    "MSH^1",
                    "Il blocco contiene più di " + Er7.MAX_SEGMENTS + " segmenti.");
            return new Frame(List.of(unreadable(raw, peer, headerOf(raw), StandardCharsets.UTF_8, fault)), null);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("A frame of {} bytes from {} could not be read", raw.length, peer.name(), e);
            quarantine.put(raw, peer.name(), e);
            Fault fault = new Fault(SnodoCode.INTERNAL, "", null, SnodoCode.INTERNAL.cause());
            return new Frame(List.of(unreadable(raw, peer, headerOf(raw), StandardCharsets.UTF_8, fault)), null);
        }
    }

    private Frame tryFrame(byte[] raw, Origin peer, MllpDecoder.Problem problem) {
        byte[] bytes = Hl7Charset.asBytesWithAsciiSeparators(raw);
        Er7 message = Er7.read(bytes, 0, bytes.length, StandardCharsets.ISO_8859_1);
        String declared = message.segment("MSH").get(18);
        List<Peer> profiles = profiles(peer);
        Hl7Charset charset = Hl7Charset.of(bytes, declared, usualCharset(profiles));
        Charset wide = Hl7Charset.wide(raw);
        if (wide != null) {
            charset = new Hl7Charset(StandardCharsets.UTF_8, wide, true);
        }
        if (declared != null && !charset.declared()) {
            warnOnce(message, declared, charset);
        }
        message = message.in(charset.read());
        List<Er7.Segment> segments = message.segments();
        String first = segments.isEmpty() ? "" : segments.get(0).id();
        boolean batch = first.equals("FHS") || first.equals("BHS");
        if (problem != null) {
            return new Frame(List.of(refusedByListener(raw, peer, message, charset, problem)), null);
        }
        if (!batch && !first.equals("MSH")) {
            Fault fault = new Fault(
                    SnodoCode.MESSAGE_UNREADABLE, "", "MSH^1", "Il messaggio non comincia con un segmento MSH.");
            return new Frame(List.of(unreadable(raw, peer, headerOf(raw), charset.answer(), fault)), null);
        }
        List<int[]> ranges = messageRanges(segments, bytes.length);
        if (!batch && ranges.size() == 1) {
            return new Frame(List.of(message(message, raw, peer, charset.answer(), List.of())), null);
        }
        return several(raw, bytes, peer, message, charset, batch, ranges);
    }

    /** The rows of the table of peers that this connection meets; none without a table, or for what is no connection. */
    private List<Peer> profiles(Origin peer) {
        return peer.isConnection() && !peers.isOpen() ? peers.at(peer.address(), peer.subject()) : List.of();
    }

    private Charset usualCharset(List<Peer> profiles) {
        return profiles.stream()
                .map(Peer::charset)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(properties.charset());
    }

    private boolean mayLeaveOutEnvelope(Origin peer) {
        return profiles(peer).stream()
                .map(Peer::unwrappedBatches)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(properties.acceptUnwrappedBatches());
    }

    private Frame several(
            byte[] raw, byte[] bytes, Origin peer, Er7 frame, Hl7Charset charset, boolean batch, List<int[]> ranges) {
        BatchEnvelope envelope = batch ? BatchEnvelope.of(frame, charset.answer()) : null;
        if (ranges.isEmpty()) {
            Fault fault = new Fault(SnodoCode.MESSAGE_UNREADABLE, "", "BHS^1", "Il batch non contiene messaggi.");
            return new Frame(List.of(unreadable(raw, peer, Header.NONE, charset.answer(), fault)), envelope);
        }
        if (!batch && !mayLeaveOutEnvelope(peer)) {
            Fault fault = new Fault(
                    SnodoCode.MESSAGE_UNREADABLE,
                    "",
                    "MSH^2",
                    "Lo stesso blocco contiene " + ranges.size()
                            + " segmenti MSH: inviare un messaggio per blocco, oppure un batch con BHS e BTS.");
            return new Frame(List.of(unreadable(raw, peer, Header.of(frame), charset.answer(), fault)), null);
        }
        List<Fault> wrongCount = batch ? countFaults(frame, ranges.size()) : List.of();
        List<Arrival> messages = new ArrayList<>(ranges.size());
        for (int[] range : ranges) {
            Er7 one = Er7.read(bytes, range[0], range[1], charset.read());
            byte[] own = Arrays.copyOfRange(bytes, range[0], range[1]);
            messages.add(message(one, own, peer, charset.answer(), wrongCount));
        }
        return new Frame(messages, envelope);
    }

    /** From each MSH to the next, or to the trailer or header of a batch. */
    private static List<int[]> messageRanges(List<Er7.Segment> segments, int length) {
        List<int[]> ranges = new ArrayList<>();
        int[] open = null;
        for (Er7.Segment each : segments) {
            boolean begins = each.id().equals("MSH");
            if (open != null && (begins || ENVELOPE_SEGMENTS.contains(each.id()))) {
                open[1] = each.start();
                open = null;
            }
            if (begins) {
                open = new int[] {each.start(), length};
                ranges.add(open);
            }
        }
        return ranges;
    }

    /** A batch whose trailer counts other messages than came is not whole: none of it is taken. */
    private static List<Fault> countFaults(Er7 frame, int count) {
        Er7.Segment bts = frame.segment("BTS");
        String declared = bts.get(1);
        if (frame.all("BTS").size() != 1 || declared == null || declared.equals(String.valueOf(count))) {
            return List.of();
        }
        return List.of(new Fault(
                SnodoCode.MESSAGE_UNREADABLE,
                "",
                "BTS^1^1",
                "BTS-1 dichiara " + CertificateReader.shown(declared) + " messaggi, il batch ne contiene " + count
                        + ": nessuno è stato accettato."));
    }

    private Incoming refusedByListener(
            byte[] raw, Origin peer, Er7 message, Hl7Charset charset, MllpDecoder.Problem problem) {
        Fault fault =
                switch (problem) {
                    case TOO_LARGE ->
                        new Fault(
                                SnodoCode.FRAME_TOO_LARGE,
                                "",
                                null,
                                "Il messaggio supera il limite di "
                                        + properties.maxFrameSize().toBytes() / 1024 + " kB: non è stato letto.");
                    case NOT_KEPT ->
                        new Fault(SnodoCode.STORE_UNAVAILABLE, "", null, SnodoCode.STORE_UNAVAILABLE.cause());
                    case NO_END ->
                        new Fault(
                                SnodoCode.MESSAGE_UNREADABLE,
                                "",
                                null,
                                "Il blocco non è terminato da FS CR prima dell'inizio del successivo: il messaggio può"
                                        + " essere incompleto.");
                };
        return unreadable(raw, peer, Header.of(message), charset.answer(), fault);
    }

    /** A sender that declares one set and writes another does so in every message: said once. */
    private void warnOnce(Er7 message, String declared, Hl7Charset charset) {
        Sender sender = CertificateReader.sender(message);
        String which = CertificateReader.shown(sender.key() + " declares " + declared);
        if (wrongDeclarations.size() < MAX_WARNINGS && wrongDeclarations.add(which)) {
            LOG.warn("{} in MSH-18 but writes {}", which, charset.read());
        }
    }

    /** A message that is kept and answered, but of which no more than the header counts. */
    private static Incoming unreadable(byte[] raw, Origin peer, Header header, Charset charset, Fault fault) {
        String[] from = header.from().isEmpty()
                ? new String[] {"", ""}
                : header.from().split(Pattern.quote("" + header.separators().field()), 2);
        return new Incoming(
                PROTOCOL,
                peer.name(),
                limited(component(from[0], header) + "|" + component(from[1], header)),
                null,
                header.name(),
                raw,
                null,
                List.of(fault),
                Map.of("", "MSH^1"),
                new Acknowledgement(header, charset, peer.isConnection()));
    }

    private static String component(String field, Header header) {
        int end = field.indexOf(header.separators().component());
        return end < 0 ? field : field.substring(0, end);
    }

    /** What can be read of a header that is none: one in small letters, or one that is not the first segment. */
    private static Header headerOf(byte[] raw) {
        try {
            byte[] copy = Arrays.copyOf(raw, Math.min(raw.length, 4096));
            for (int i = 0; i + 3 < copy.length; i++) {
                if (copy[i] > ' ') {
                    if ((copy[i] | 0x20) == 'm' && (copy[i + 1] | 0x20) == 's' && (copy[i + 2] | 0x20) == 'h') {
                        copy[i] = 'M';
                        copy[i + 1] = 'S';
                        copy[i + 2] = 'H';
                    }
                    break;
                }
            }
            Er7 message = Er7.read(copy, 0, copy.length, StandardCharsets.ISO_8859_1);
            return message.segment("MSH").exists() ? Header.of(message) : Header.NONE;
        } catch (RuntimeException e) {
            return Header.NONE;
        }
    }

    // --- one message -----------------------------------------------------------------------------------------

    private Arrival message(Er7 message, byte[] raw, Origin peer, Charset charset, List<Fault> before) {
        Header header = Header.of(message);
        List<Fault> faults = new ArrayList<>(before);
        faults.addAll(headerFaults(message, header));
        Sender sender = CertificateReader.sender(message);
        Optional<Fault> impostor = senderFault(peer, sender);
        impostor.ifPresent(faults::add);
        String name = limited(orEmpty(sender.application()) + "|" + orEmpty(sender.facility()));
        // an id that is not the sender's own must not stand in the way of the true one
        String controlId = impostor.isPresent() || header.controlId().length() > MAX_CONTROL_ID
                ? null
                : message.segment("MSH").get(10);
        if (BookingEvents.isBooking(header.type())) {
            return booking(message, header, sender, raw, peer, charset, name, controlId, faults);
        }
        CertificateRequest request = null;
        Map<String, String> locations = Map.of("", "MSH^1");
        if (faults.isEmpty()) {
            CertificateReader reader = new CertificateReader(message);
            request = reader.read(MDM_EVENTS.getOrDefault(header.event(), Action.NEW));
            faults.addAll(reader.faults());
            locations = reader.locations();
        }
        return new Incoming(
                PROTOCOL,
                peer.name(),
                name,
                controlId,
                header.name(),
                raw,
                request,
                faults,
                locations,
                new Acknowledgement(header, charset, peer.isConnection()));
    }

    private static BookingArrival booking(
            Er7 message,
            Header header,
            Sender sender,
            byte[] raw,
            Origin peer,
            Charset charset,
            String name,
            String controlId,
            List<Fault> faults) {
        BookingReading<? extends BookingAsk> reading = null;
        Map<String, String> locations = Map.of("", "MSH^1");
        if (faults.isEmpty()) {
            BookingMessage reader = new BookingMessage(message, header, sender);
            reading = reader.read();
            faults.addAll(reader.tree().faults());
            locations = reader.tree().locations();
        }
        return new BookingArrival(
                PROTOCOL,
                peer.name(),
                name,
                controlId == null ? ContentId.of(raw) : controlId,
                header.name(),
                raw,
                reading == null ? null : reading.ask(),
                reading == null ? List.of() : reading.unreadable(),
                faults,
                locations,
                null,
                new BookingWriter(header, charset, peer.isConnection(), ScheduleText.Echo.of(message)));
    }

    private List<Fault> headerFaults(Er7 message, Header header) {
        Er7.Segment msh = message.segment("MSH");
        List<Fault> faults = new ArrayList<>();
        if (!separatorsAreGood(msh.raw(2), message.separators())) {
            faults.add(at(
                    SnodoCode.ENCODING_CHARACTERS_INVALID,
                    "MSH^1^2",
                    "MSH-2 è «" + CertificateReader.shown(msh.raw(2)) + "»: servono quattro caratteri diversi, di norma"
                            + " ^~\\&."));
        }
        if (header.controlId().isEmpty()) {
            faults.add(at(
                    SnodoCode.CONTROL_ID_MISSING,
                    "MSH^1^10",
                    "MSH-10 (identificativo del messaggio) è assente: senza, il messaggio non può essere accettato."));
        }
        if (header.controlId().length() > MAX_CONTROL_ID) {
            faults.add(at(
                    SnodoCode.FIELD_TOO_LONG,
                    "MSH^1^10",
                    "MSH-10 supera " + MAX_CONTROL_ID + " caratteri: «" + CertificateReader.shown(header.controlId())
                            + "»."));
        }
        typeFault(header).ifPresent(faults::add);
        if (header.minor() == 0) {
            String shown = header.version().isEmpty()
                    ? "MSH-12 (versione) è assente"
                    : "La versione «" + CertificateReader.shown(header.version()) + "» (MSH-12) non è gestita";
            faults.add(at(SnodoCode.VERSION_UNKNOWN, "MSH^1^12", shown + ": l'hub comprende da 2.3 a 2.6."));
        }
        String processing = msh.get(11);
        if (processing == null || !List.of("P", "T", "D").contains(processing.toUpperCase(Locale.ROOT))) {
            faults.add(at(
                    SnodoCode.PROCESSING_ID_UNKNOWN,
                    "MSH^1^11",
                    processing == null
                            ? "MSH-11 (processing id) è assente: indicare P, T o D."
                            : "Il processing id «" + CertificateReader.shown(processing)
                                    + "» (MSH-11) non è gestito: indicare P, T o D."));
        }
        if (msh.get(14) != null) {
            faults.add(at(SnodoCode.CONTINUATION_UNSUPPORTED, "MSH^1^14", SnodoCode.CONTINUATION_UNSUPPORTED.cause()));
        }
        if (msh.get(20) != null && !msh.get(20).equalsIgnoreCase("2.3")) {
            faults.add(at(SnodoCode.CHARSET_SWITCH, "MSH^1^20", SnodoCode.CHARSET_SWITCH.cause()));
        }
        if (message.continued() && !properties.joinContinuationLines()) {
            faults.add(at(
                    SnodoCode.MESSAGE_UNREADABLE,
                    "MSH^1",
                    "Una riga del messaggio non comincia con il nome di un segmento: gli a capo nei testi vanno scritti"
                            + " come \\.br\\."));
        }
        return faults;
    }

    /** Whether who is connected may speak for the sender that the message names. */
    private Optional<Fault> senderFault(Origin peer, Sender sender) {
        if (!peer.isConnection() || peers.isOpen()) {
            return Optional.empty();
        }
        boolean allowed = peers.at(peer.address(), peer.subject()).stream()
                .anyMatch(each -> each.maySendAs(sender.application(), sender.facility(), sender.facilityCode()));
        return allowed
                ? Optional.empty()
                : Optional.of(at(
                        SnodoCode.SENDER_NOT_ALLOWED,
                        "MSH^1^4",
                        "Il sistema collegato non può inviare come «" + CertificateReader.shown(sender.application())
                                + "» (MSH-3) della struttura «" + CertificateReader.shown(sender.facility())
                                + "» (MSH-4)."));
    }

    private static Optional<Fault> typeFault(Header header) {
        String type = CertificateReader.shown(header.type());
        String event = CertificateReader.shown(header.event());
        if (type.isEmpty()) {
            return Optional.of(at(
                    SnodoCode.MESSAGE_TYPE_MISSING,
                    "MSH^1^9",
                    "MSH-9 (tipo di messaggio) è assente: per un certificato è MDM^T02^MDM_T02, per una prenotazione"
                            + " SRM^S01^SRM_S01."));
        }
        if (BookingEvents.isBooking(type)) {
            return BookingEvents.refusal(type, event)
                    .map(taken -> at(
                            SnodoCode.EVENT_UNKNOWN,
                            "MSH^1^9^1^2",
                            (event.isEmpty()
                                            ? "L'evento (MSH-9.2) è assente: "
                                            : "L'evento «" + event + "» (MSH-9.2) non è gestito: ")
                                    + taken));
        }
        boolean mdm = type.equals("MDM");
        if (!mdm && !type.equals("ORU")) {
            return Optional.of(at(
                    SnodoCode.MESSAGE_TYPE_UNKNOWN,
                    "MSH^1^9^1^1",
                    "Il messaggio «" + type
                            + "» (MSH-9.1) non è gestito: l'hub accetta MDM e ORU per i certificati, SRM, SQM"
                            + " e SIU per le prenotazioni."));
        }
        if (mdm ? !MDM_EVENTS.containsKey(event) : !event.equals("R01")) {
            return Optional.of(at(
                    SnodoCode.EVENT_UNKNOWN,
                    "MSH^1^9^1^2",
                    (event.isEmpty()
                                    ? "L'evento (MSH-9.2) è assente"
                                    : "L'evento «" + event + "» (MSH-9.2) non è gestito")
                            + (mdm ? ": per MDM l'hub accetta T02, T10 e T11." : ": per ORU l'hub accetta R01.")));
        }
        return Optional.empty();
    }

    private static boolean separatorsAreGood(String declared, Er7.Separators separators) {
        if (declared.equals("^~\\&") && separators.field() == '|') {
            return true;
        }
        if (declared.length() < 4) {
            return false;
        }
        String all = separators.field() + separators.declared();
        return all.chars().distinct().count() == 5 && all.chars().noneMatch(Character::isLetterOrDigit);
    }

    private static Fault at(SnodoCode code, String location, String reason) {
        return new Fault(code, "", location, reason);
    }

    private static String limited(String sender) {
        return sender.length() <= MAX_SENDER ? sender : sender.substring(0, MAX_SENDER);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
