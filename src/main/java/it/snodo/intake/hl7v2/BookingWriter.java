package it.snodo.intake.hl7v2;

import it.snodo.booking.AvailabilityAnswer;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingFact;
import it.snodo.booking.BookingReply;
import it.snodo.booking.Decision;
import it.snodo.booking.Proposal;
import it.snodo.booking.Ruling;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.BookingArrival;
import it.snodo.intake.hl7v2.BookingEvents.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the answer to a booking message: SRR, SQR or ACK, in the sender's version, separators and character set. AA when it
 * was done, AE when a rule or a CUP refused it or nobody knows yet, AR when the message itself cannot be taken.
 *
 * <p>Enhanced mode: CA when MSH-15 wants it, since the message was taken, and behind it the decision as a message of its own
 * when MSH-16 wants that; CR alone for what is rejected.
 */
final class BookingWriter implements BookingArrival.Writer {

    private static final String RULES = "99SC";

    private final Header header;
    private final AnswerHead head;
    private final Charset charset;
    private final boolean several;
    private final Reply shape;
    private final ScheduleText.Echo echo;

    /** @param several whether the way back can carry more than one message */
    BookingWriter(Header header, Charset charset, boolean several, ScheduleText.Echo echo) {
        this.header = header;
        this.head = new AnswerHead(header);
        this.charset = charset;
        this.several = several;
        this.shape = BookingEvents.reply(header);
        this.echo = echo;
    }

    /** One line of the answer's ERR, of whatever source. */
    private record Finding(
            String location,
            int number,
            String condition,
            char severity,
            String code,
            String title,
            String system,
            String parameter,
            String diagnostic,
            String message) {}

    @Override
    public byte[] write(BookingArrival arrival, BookingReply reply) {
        boolean rejected = faults(arrival, reply).stream().anyMatch(Acknowledgement::rejects);
        boolean done = isDone(reply);
        String code = done ? "AA" : rejected ? "AR" : "AE";
        if (!header.isEnhanced()) {
            return encoded(answer(code, arrival, reply, false));
        }
        boolean application = AnswerHead.isWanted(header.applicationWanted(), done);
        boolean accept = AnswerHead.isWanted(header.acceptWanted(), !rejected);
        if (accept && rejected) {
            return encoded(acknowledgement("CR", arrival, reply));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (accept && (several || !application)) {
            out.writeBytes(encoded(acknowledgement("CA", null, null)));
        }
        if (application) {
            if (out.size() > 0) {
                out.writeBytes(Acknowledgement.NEXT_FRAME);
            }
            out.writeBytes(encoded(answer(code, arrival, reply, true)));
        }
        return out.toByteArray();
    }

    private byte[] encoded(String text) {
        return Hl7Charset.encode(text, charset);
    }

    // --- what it says ----------------------------------------------------------------------------------------

    private static List<Ruling> rulings(BookingReply reply) {
        return reply instanceof BookingAnswer booking ? booking.rulings() : ((AvailabilityAnswer) reply).rulings();
    }

    private static List<Fault> faults(BookingReply reply) {
        return reply instanceof BookingAnswer booking ? booking.faults() : ((AvailabilityAnswer) reply).faults();
    }

    /** What is wrong with the message itself comes first, whatever else is: no other answer would help its sender. */
    private static List<Fault> faults(BookingArrival arrival, BookingReply reply) {
        List<Fault> all = new ArrayList<>(arrival.faults());
        for (Fault each : faults(reply)) {
            if (all.stream()
                    .noneMatch(known -> known.code() == each.code()
                            && known.reason().equals(each.reason())
                            && known.path().equals(each.path()))) {
                all.add(each);
            }
        }
        return all;
    }

    private static boolean isDone(BookingReply reply) {
        if (reply instanceof BookingAnswer booking) {
            return switch (booking.result()) {
                case REFUSED, UNKNOWN -> false;
                default -> true;
            };
        }
        return faults(reply).isEmpty()
                && rulings(reply).stream().noneMatch(each -> each.decision().stops());
    }

    private static boolean isUnknown(BookingReply reply) {
        return reply instanceof BookingAnswer booking && booking.result() == BookingAnswer.Result.UNKNOWN;
    }

    private String answer(String code, BookingArrival arrival, BookingReply reply, boolean later) {
        String type = shape == Reply.ACK ? head.acknowledgement() : head.type(shape.name(), shape.structure());
        StringBuilder out = new StringBuilder(1024);
        out.append(head.msh(type, later));
        List<Finding> findings = findings(arrival, reply);
        boolean done = code.equals("AA");
        out.append(msa(code, done, findings, reply));
        out.append(errors(findings, done));
        if (shape == Reply.SRR && reply instanceof BookingAnswer booking) {
            out.append(schedule(booking, done));
        } else if (shape == Reply.SQR) {
            out.append(offers(reply, done));
        }
        return out.toString();
    }

    /** A plain acknowledgement of the accept level. */
    private String acknowledgement(String code, BookingArrival arrival, BookingReply reply) {
        List<Finding> findings = arrival == null ? List.of() : findings(arrival, reply);
        return head.msh(head.acknowledgement(), false)
                + msa(code, code.equals("CA"), findings, reply)
                + errors(findings, false);
    }

    /** Before 2.5 MSA-3 and MSA-6 hold the words that ERR has no room for. */
    private String msa(String code, boolean done, List<Finding> findings, BookingReply reply) {
        SegmentText msa =
                new SegmentText("MSA", header.separators()).set(1, code).raw(2, header.controlId());
        if (head.isOld() && !findings.isEmpty() && (!done || shape != Reply.SRR || !hasSchedule(reply))) {
            msa.set(
                    3,
                    findings.stream()
                            .map(each -> each.code + " " + each.title)
                            .distinct()
                            .collect(Collectors.joining("; ")));
            Finding first = findings.get(0);
            msa.set(6, first.code, first.message, first.system);
        }
        return msa.toString();
    }

    private List<Finding> findings(BookingArrival arrival, BookingReply reply) {
        List<Finding> all = new ArrayList<>();
        List<Finding> notices = new ArrayList<>();
        for (Ruling each : rulings(reply)) {
            if (each.decision() != Decision.ACCEPT) {
                (each.decision().stops() ? all : notices).add(finding(arrival, each));
            }
        }
        boolean refused = !isDone(reply) && !isUnknown(reply);
        if (!refused) {
            all.addAll(notices);
        }
        for (Fault each : faults(arrival, reply)) {
            all.add(finding(arrival, each, refused ? 'E' : 'W'));
        }
        if (refused) {
            // many read no further than the first: it says why
            all.addAll(notices);
        }
        if (isUnknown(reply) && all.stream().noneMatch(each -> each.system.equals("99SNODO"))) {
            String reason = "Esito non ancora noto: il CUP non ha risposto. L'hub continua a chiedere.";
            all.add(finding(arrival, Fault.at(SnodoCode.OUTCOME_UNKNOWN, "", reason), 'W'));
        }
        if (reply instanceof AvailabilityAnswer found) {
            for (AvailabilityAnswer.Silent each : found.silent()) {
                SnodoCode code = SnodoCode.CUP_SILENT;
                all.add(new Finding(
                        "",
                        code.hl7ErrorCode(),
                        AnswerHead.condition(code.hl7ErrorCode()),
                        'W',
                        code.code(),
                        code.title(),
                        "99SNODO",
                        each.azienda(),
                        code.advice(),
                        each.azienda() + (each.name() == null ? "" : " " + each.name()) + ": " + each.reason()));
            }
        }
        return all;
    }

    private static Finding finding(BookingArrival arrival, Ruling ruling) {
        boolean mild = ruling.decision() == Decision.WARN || ruling.decision() == Decision.CONFIRM;
        String location = arrival.locate(ruling.path());
        return new Finding(
                location,
                ruling.condition(),
                ruling.condition() == 207 ? "Application error" : AnswerHead.condition(ruling.condition()),
                mild ? 'W' : 'E',
                ruling.code(),
                ruling.title(),
                RULES,
                ruling.detail(),
                absent(location, ruling.path()),
                ruling.message());
    }

    private static Finding finding(BookingArrival arrival, Fault fault, char severity) {
        SnodoCode code = fault.code();
        String location = fault.location() != null ? fault.location() : arrival.locate(fault.path());
        String absent = absent(location, fault.path());
        return new Finding(
                location,
                code.hl7ErrorCode(),
                AnswerHead.condition(code.hl7ErrorCode()),
                severity,
                code.code(),
                code.title(),
                "99SNODO",
                null,
                code.advice(),
                absent == null ? fault.reason() : fault.reason() + " " + absent);
    }

    /** An absent observation has no place of its own: said which one it is. */
    private static String absent(String location, String path) {
        if (!CertificateReader.NO_OBX.equals(location)) {
            return null;
        }
        return Stream.of(BookingFact.values())
                .filter(each -> each.path().equals(path))
                .findFirst()
                .map(each -> "Manca un OBX con OBX-3 = " + each + "^^" + BookingFact.SYSTEM + ".")
                .orElse(null);
    }

    /** Before 2.5 there is one ERR, its only field repeats, and notices have no place in it. */
    private String errors(List<Finding> findings, boolean done) {
        char bar = header.separators().field();
        StringBuilder out = new StringBuilder();
        if (!head.isOld()) {
            for (Finding each : findings) {
                String[] code = {each.code, each.title, each.system};
                out.append("ERR").append(bar).append(bar);
                out.append(head.error(
                        each.location,
                        each.number,
                        each.condition,
                        each.severity,
                        code,
                        each.parameter,
                        each.diagnostic,
                        each.message));
                out.append('\r');
            }
            return out.toString();
        }
        if (done || findings.isEmpty()) {
            return "";
        }
        return "ERR" + bar
                + findings.stream()
                        .map(each -> head.oldError(
                                each.location,
                                each.number,
                                each.condition,
                                each.code,
                                each.system.equals(RULES) ? each.title : each.message))
                        .collect(Collectors.joining(
                                String.valueOf(header.separators().repetition())))
                + "\r";
    }

    // --- SRR -------------------------------------------------------------------------------------------------

    private static boolean hasSchedule(BookingReply reply) {
        return reply instanceof BookingAnswer booking
                && (booking.booking() != null && booking.result() != BookingAnswer.Result.REFUSED
                        || !booking.proposals().isEmpty());
    }

    private String schedule(BookingAnswer answer, boolean done) {
        if (!hasSchedule(answer)) {
            return "";
        }
        List<Ruling> warnings = head.isOld() && done ? answer.rulings() : List.of();
        ScheduleText text = new ScheduleText(header.separators(), minor(), echo);
        return answer.result() == BookingAnswer.Result.REFUSED || answer.booking() == null
                ? text.refusal(warnings, answer.proposals()).toString()
                : text.booking(answer.booking(), status(answer), warnings, answer.proposals())
                        .toString();
    }

    private static String status(BookingAnswer answer) {
        Booking booking = answer.booking();
        if (answer.result() == BookingAnswer.Result.UNKNOWN) {
            return "Pending";
        }
        return switch (booking.state()) {
            case REQUESTED, UNKNOWN -> "Pending";
            case BOOKED -> "Booked";
            case REVOKED, REFUSED -> "Cancelled";
            case DELETED -> "Deleted";
            case NO_SHOW -> "Noshow";
        };
    }

    private int minor() {
        return header.minor() == 0 ? 5 : header.minor();
    }

    // --- SQR -------------------------------------------------------------------------------------------------

    private String offers(BookingReply reply, boolean done) {
        List<Proposal> proposals = reply instanceof AvailabilityAnswer found ? all(found) : List.of();
        String status = !done ? "AE" : proposals.isEmpty() ? "NF" : "OK";
        SegmentText qak =
                new SegmentText("QAK", header.separators()).raw(1, echo.query()).set(2, status);
        if (minor() >= 4) {
            qak.set(4, proposals.size()).set(5, proposals.size()).set(6, 0);
        }
        StringBuilder out = new StringBuilder(qak.toString());
        if (done) {
            for (Proposal each : proposals) {
                out.append(new ScheduleText(header.separators(), minor(), echo).offer(each));
            }
        }
        return out.toString();
    }

    /** The ones that come first by R61, then the others; each place once. */
    private static List<Proposal> all(AvailabilityAnswer found) {
        Set<String> seen = new HashSet<>();
        return Stream.concat(found.first().stream(), found.absolute().stream())
                .filter(each -> each.slot() == null
                        || seen.add(each.service() + "|" + each.slot().azienda() + "|"
                                + each.slot().agenda() + "|" + each.slot().start()))
                .toList();
    }
}
