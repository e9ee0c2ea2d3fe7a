package it.snodo.booking.cup;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.LenientErrorHandler;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Slot.Wish;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort.Found;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.cup.CupPort.Reply.Outcome;
import it.snodo.booking.cup.NoAnswer.Kind;
import it.snodo.intake.hl7v2.Hl7Time;
import it.snodo.publication.HttpChannel;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundles;

/**
 * A CUP that speaks FHIR R4: {@code POST Appointment} (once only, by {@code If-None-Exist}), {@code PUT Appointment/id}, and
 * {@code Appointment/$find}. The bytes of a command are HAPI's, made once; they go out over the hub's own HTTP channel, which
 * tells what never left from what may have taken effect, and holds a deadline over the whole call. camel-fhir does neither:
 * it writes the resource anew for each call, has one time-out for each read, and does not say how far a call came.
 */
final class FhirCup implements Cup, AutoCloseable {

    /** Escaped control characters but for tab and line ends: nobody can read them, and the store takes no NUL. */
    private static final Pattern CONTROL = Pattern.compile("\\\\u00(?:0[0-8bBcCeEfF]|1[0-9a-fA-F]|7[fF])");

    private static final Logger LOG = LoggerFactory.getLogger(FhirCup.class);
    private static final ContentType JSON = ContentType.create("application/fhir+json", StandardCharsets.UTF_8);
    private static final Duration UNUSED = Duration.ofMinutes(10);

    private record Key(String host, int port, String tls, boolean search) {}

    private final FhirContext context;
    private final CupProperties properties;
    private final SslBundles bundles;
    private final BookingCatalogue catalogue;
    private final Map<Key, HttpChannel> channels = new ConcurrentHashMap<>();
    private final Map<String, Supplier<SSLContext>> contexts = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor deadlines;

    FhirCup(FhirContext context, CupProperties properties, SslBundles bundles, BookingCatalogue catalogue) {
        this.context = context;
        this.properties = properties;
        this.bundles = bundles;
        this.catalogue = catalogue;
        this.deadlines = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "snodo-cup-deadline");
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setRemoveOnCancelPolicy(true);
    }

    @Override
    public byte[] command(CupAzienda azienda, Booking booking, Operation operation, String controlId, String reason) {
        return parser().encodeResourceToString(AppointmentWriter.write(azienda, booking, operation, reason))
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean wrote(byte[] command) {
        return command.length > 0 && command[0] == '{';
    }

    @Override
    public Reply send(CupAzienda azienda, Operation operation, String controlId, byte[] command, Deadline deadline)
            throws NoAnswer {
        Appointment wanted = (Appointment) parser().parseResource(new String(command, StandardCharsets.UTF_8));
        String placer = wanted.getIdentifierFirstRep().getValue();
        String known = "identifier=" + AppointmentWriter.PLACER + "|" + placer;
        String base = base(azienda) + "/Appointment";
        HttpUriRequestBase request;
        if (operation == Operation.BOOK) {
            request = new HttpPost(base);
            request.setHeader("If-None-Exist", known);
        } else {
            String id = wanted.getIdElement().getIdPart();
            request = new HttpPut(id == null ? base + "?" + encoded(placer) : base + "/" + id);
        }
        request.setHeader("X-Request-Id", controlId);
        request.setHeader("Prefer", "return=representation");
        request.setEntity(new ByteArrayEntity(command, JSON));
        long began = System.nanoTime();
        HttpChannel.Reply answer = call(azienda, request, false, deadline);
        long waited = System.nanoTime() - began;
        if ((answer.status() == 409 || answer.status() == 412) && operation == Operation.BOOK) {
            Reply own = alreadyThere(azienda, base + "?" + encoded(placer), wanted, deadline);
            if (own != null) {
                return own;
            }
        }
        return reply(answer, operation).waited(waited);
    }

    private static String encoded(String placer) {
        return "identifier=" + URLEncoder.encode(AppointmentWriter.PLACER + "|" + placer, StandardCharsets.UTF_8);
    }

    /** The slot is taken: perhaps by this very booking, sent before. */
    private Reply alreadyThere(CupAzienda azienda, String url, Appointment wanted, Deadline deadline) {
        try {
            HttpChannel.Reply answer = call(azienda, new HttpGet(URI.create(url)), false, deadline);
            if (answer.status() == 200 && parse(answer.body()) instanceof Bundle bundle) {
                for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
                    if (entry.getResource() instanceof Appointment has
                            && has.getStatus() == AppointmentStatus.BOOKED
                            && Objects.equals(has.getStart(), wanted.getStart())) {
                        return done(has, has.getIdElement().getIdPart(), answer.body());
                    }
                }
            }
            return null;
        } catch (NoAnswer e) {
            return Replies.unknown("il CUP dice il posto occupato e non dice da chi: " + e.getMessage(), null);
        }
    }

    private Reply reply(HttpChannel.Reply answer, Operation operation) {
        IBaseResource resource = parse(answer.body());
        String words = resource instanceof OperationOutcome outcome ? words(outcome) : null;
        String code = resource instanceof OperationOutcome outcome ? code(outcome) : null;
        int status = answer.status();
        if (status == 200 || status == 201) {
            if (resource instanceof Appointment appointment) {
                return taken(appointment, answer, operation);
            }
            return bare(resource, answer, operation);
        }
        if (status == 409) {
            return refused(Outcome.TAKEN, code, words, answer);
        }
        if (status == 429) {
            return new Reply(
                    Outcome.UNSENT, null, Map.of(), null, List.of(), code, "il CUP chiede di aspettare", answer.body());
        }
        boolean notReached = status == 401 || status == 403 || status == 404 || status == 407;
        if (notReached && operation == Operation.BOOK && !(resource instanceof OperationOutcome)) {
            // something before the CUP, which has not seen it
            return refused(Outcome.UNSENT, null, null, answer);
        }
        if (status >= 400 && status < 500 && status != 408) {
            return refused(Outcome.REFUSED, code, words, answer);
        }
        return Replies.unknown(
                "il CUP risponde con lo stato HTTP " + status + (words == null ? "" : ": " + words), answer.body());
    }

    /** A yes without an appointment. What is no word of FHIR is a proxy's page, and no yes of the CUP. */
    private static Reply bare(IBaseResource resource, HttpChannel.Reply answer, Operation operation) {
        String location = answer.headers().get("Location");
        boolean silent = answer.body() == null
                || new String(answer.body(), StandardCharsets.ISO_8859_1).isBlank()
                || resource instanceof OperationOutcome outcome && !fails(outcome);
        boolean certain = answer.status() == 201 ? location != null : operation != Operation.BOOK;
        if (silent && certain) {
            String id = location == null ? null : new IdType(location).getIdPart();
            return done(new Appointment(), id, answer.body());
        }
        return Replies.unknown(
                "il CUP risponde con lo stato HTTP " + answer.status() + " e non mostra l'appuntamento", answer.body());
    }

    private static boolean fails(OperationOutcome outcome) {
        return outcome.getIssue().stream()
                .anyMatch(each -> each.getSeverity() == OperationOutcome.IssueSeverity.ERROR
                        || each.getSeverity() == OperationOutcome.IssueSeverity.FATAL);
    }

    private static Reply taken(Appointment appointment, HttpChannel.Reply answer, Operation operation) {
        String location = answer.headers().get("Location");
        String id = appointment.getIdElement().getIdPart() != null
                ? appointment.getIdElement().getIdPart()
                : location == null ? null : new IdType(location).getIdPart();
        if (appointment.getStatus() == null) {
            return done(new Appointment(), id, answer.body());
        }
        boolean cancels = operation == Operation.REVOKE || operation == Operation.DELETE;
        boolean cancelled = appointment.getStatus() == AppointmentStatus.CANCELLED
                || appointment.getStatus() == AppointmentStatus.ENTEREDINERROR;
        boolean undecided = appointment.getStatus() == AppointmentStatus.PENDING
                || appointment.getStatus() == AppointmentStatus.PROPOSED
                || appointment.getStatus() == AppointmentStatus.WAITLIST;
        if (undecided) {
            return Replies.unknown(
                    "il CUP non ha ancora deciso (" + appointment.getStatus().toCode() + ")", answer.body());
        }
        if (cancels != cancelled) {
            return Replies.unknown(
                    "il CUP mostra l'appuntamento nello stato "
                            + appointment.getStatus().toCode(),
                    answer.body());
        }
        return done(appointment, id, answer.body());
    }

    private static Reply done(Appointment appointment, String id, byte[] raw) {
        return new Reply(
                        Outcome.DONE,
                        id,
                        AppointmentReader.tickets(appointment),
                        AppointmentReader.ticket(appointment),
                        AppointmentReader.notes(appointment),
                        null,
                        null,
                        raw)
                .startingAt(
                        appointment.hasStart()
                                ? Map.of(
                                        0,
                                        appointment
                                                .getStart()
                                                .toInstant()
                                                .atZone(Hl7Time.ROME)
                                                .toOffsetDateTime())
                                : Map.of());
    }

    private static Reply refused(Outcome outcome, String code, String words, HttpChannel.Reply answer) {
        return new Reply(
                outcome,
                null,
                Map.of(),
                null,
                List.of(),
                code == null ? String.valueOf(answer.status()) : code,
                words == null ? "il CUP rifiuta (stato HTTP " + answer.status() + ")" : words,
                answer.body());
    }

    @Override
    public Found find(
            CupAzienda azienda,
            AvailabilityQuery query,
            boolean publicOnly,
            List<SqmWriter.Wanted> wanted,
            Deadline deadline)
            throws NoAnswer {
        Parameters parameters = new Parameters();
        Wish wish = query.wish();
        LocalDate from = wish == null || wish.from() == null ? LocalDate.now(Hl7Time.ROME) : wish.from();
        LocalDate to = wish == null || wish.to() == null ? from.plusDays(SqmWriter.DAYS) : wish.to();
        parameters.addParameter().setName("start").setValue(new DateTimeType(from.toString()));
        parameters.addParameter().setName("end").setValue(new DateTimeType(to.toString()));
        for (SqmWriter.Wanted each : wanted) {
            parameters
                    .addParameter()
                    .setName("service-type")
                    .setValue(AppointmentWriter.code(azienda, each.localCode(), each.service(), each.title()));
        }
        if (wish != null && wish.structure() != null) {
            Reference location = new Reference();
            location.getIdentifier().setSystem("urn:oid:" + Hl7Names.STS_OID).setValue(wish.structure());
            parameters.addParameter().setName("location").setValue(location);
        }
        // as many as are of use: one who does not know the parameter sends all
        parameters.addParameter().setName("_count").setValue(new IntegerType(Cup.limit(query)));
        if (publicOnly) {
            // no name of IHE's: who does not know it sends private places too, and they are left out
            parameters.addParameter().setName("location-kind").setValue(new CodeType("C"));
        }
        HttpPost request = new HttpPost(base(azienda) + "/Appointment/$find");
        request.setEntity(new ByteArrayEntity(
                parser().encodeResourceToString(parameters).getBytes(StandardCharsets.UTF_8), JSON));
        long began = System.nanoTime();
        HttpChannel.Reply answer = call(azienda, request, true, deadline);
        long waited = System.nanoTime() - began;
        IBaseResource resource = parse(answer.body());
        if (answer.status() == 200 && resource instanceof Bundle bundle) {
            return new Found(AppointmentReader.proposals(bundle, azienda, catalogue), null, waited);
        }
        String words = resource instanceof OperationOutcome outcome ? words(outcome) : null;
        return new Found(
                List.of(),
                "il CUP rifiuta la ricerca (stato HTTP " + answer.status() + ")" + (words == null ? "" : ": " + words));
    }

    private String base(CupAzienda azienda) throws NoAnswer {
        Address address = Address.of(azienda, properties);
        return "%s://%s:%d/fhir".formatted(azienda.tls() == null ? "http" : "https", address.host(), address.port());
    }

    private HttpChannel.Reply call(CupAzienda azienda, HttpUriRequestBase request, boolean search, Deadline deadline)
            throws NoAnswer {
        request.setHeader("Accept", "application/fhir+json");
        Address address = Address.of(azienda, properties);
        Supplier<SSLContext> tls = azienda.tls() == null ? null : MllpLines.context(bundles, contexts, azienda.tls());
        HttpChannel channel = channels.computeIfAbsent(
                new Key(address.host(), address.port(), azienda.tls(), search),
                key -> new HttpChannel(properties.connectTimeout(), UNUSED, properties.connections(), tls));
        ScheduledFuture<?> end = deadlines.schedule(request::cancel, deadline.leftNanos(), TimeUnit.NANOSECONDS);
        try {
            return channel.call(request, Duration.ofMillis(Math.max(1, deadline.leftMillis())));
        } catch (HttpChannel.CallFailed e) {
            throw new NoAnswer(e.unknown() ? Kind.UNKNOWN : Kind.UNSENT, e.getMessage());
        } finally {
            end.cancel(false);
        }
    }

    private IParser parser() {
        return context.newJsonParser().setParserErrorHandler(new LenientErrorHandler(false));
    }

    /** @return null when it is no FHIR resource */
    private IBaseResource parse(byte[] body) {
        if (body == null || body.length == 0) {
            return null;
        }
        try {
            String text = new String(body, StandardCharsets.UTF_8);
            return parser().parseResource(CONTROL.matcher(text).replaceAll(""));
        } catch (DataFormatException | IllegalArgumentException e) {
            return null;
        }
    }

    private static String words(OperationOutcome outcome) {
        List<String> words = new ArrayList<>();
        for (OperationOutcome.OperationOutcomeIssueComponent issue : outcome.getIssue()) {
            String said = issue.hasDiagnostics()
                    ? issue.getDiagnostics()
                    : issue.getDetails().hasText()
                            ? issue.getDetails().getText()
                            : issue.getDetails().getCodingFirstRep().getDisplay();
            if (said != null && !words.contains(said)) {
                words.add(said);
            }
        }
        return words.isEmpty() ? null : String.join("; ", words);
    }

    private static String code(OperationOutcome outcome) {
        String own = outcome.getIssueFirstRep().getDetails().getCodingFirstRep().getCode();
        return own == null && outcome.getIssueFirstRep().getCode() != null
                ? outcome.getIssueFirstRep().getCode().toCode()
                : own;
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        for (HttpChannel each : channels.values()) {
            try {
                each.close();
            } catch (IOException e) {
                LOG.debug("a channel did not close well", e);
            }
        }
    }
}
