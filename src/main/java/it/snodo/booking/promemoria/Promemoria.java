package it.snodo.booking.promemoria;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.xml.XmlMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.Note;
import it.snodo.booking.PromemoriaMaker;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.document.PdfPages;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.registry.Azienda;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Region;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The promemoria of a booking, with all that R71 and R82 to R85 ask for; shaped by {@code cda-templates/promemoria}. */
@Component
class Promemoria implements PromemoriaMaker {

    private static final String TEMPLATE = "promemoria/promemoria";
    private static final ZoneId ROME = ZoneId.of("Europe/Rome");

    private static final XmlMapper XML = XmlMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private final BookingCatalogue catalogue;
    private final CodeTables tables;
    private final PdfPages pages;
    private final Clock clock;

    @Autowired
    Promemoria(BookingCatalogue catalogue, CodeTables tables, PdfPages pages) {
        this(catalogue, tables, pages, Clock.systemUTC());
    }

    Promemoria(BookingCatalogue catalogue, CodeTables tables, PdfPages pages, Clock clock) {
        this.catalogue = catalogue;
        this.tables = tables;
        this.pages = pages;
        this.clock = clock;
    }

    @Override
    public byte[] pdf(Booking booking) {
        if (booking.state() != Booking.State.BOOKED) {
            throw new SnodoException(
                    SnodoCode.NOT_NOW,
                    "La prenotazione " + booking.code() + " non è confermata (stato " + booking.state()
                            + "): il promemoria si stampa solo di una prenotazione confermata.");
        }
        try {
            return pages.render(TEMPLATE, XML.writeValueAsString(page(booking)).getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a promemoria can always be written", e);
        }
    }

    private PromemoriaPage page(Booking booking) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ROME);
        Optional<CupAzienda> cup = catalogue.azienda(booking.azienda(), today);
        Optional<Azienda> azienda = tables.azienda(booking.azienda());
        int hours = catalogue.limit("revoke-hours", today).intValue();
        Slot first = booking.firstSlot();
        Set<PromemoriaPage.Text> notes = new LinkedHashSet<>();
        Set<String> forms = new LinkedHashSet<>();
        for (BookedLine line : booking.lines()) {
            catalogue.notes(name(line), booking.azienda(), today).stream()
                    .filter(note -> note.kind() == Note.Kind.PATIENT)
                    .forEach(note -> take(note, title(line, today), notes, forms));
            catalogue.notes(name(line), booking.azienda(), today).stream()
                    .map(Note::form)
                    .filter(form -> form != null)
                    .forEach(forms::add);
        }
        for (Note note : booking.notes()) {
            if (note.kind() == Note.Kind.PATIENT) {
                String about = booking.lines().stream()
                        .filter(line -> line.service().equals(note.service()))
                        .map(line -> title(line, today))
                        .findFirst()
                        .orElse(null);
                take(note, about, notes, forms);
            }
        }
        BigDecimal due = booking.ticket();
        return new PromemoriaPage(
                booking.code(),
                azienda.flatMap(a -> tables.region(a.region()))
                        .map(Region::organization)
                        .orElse("Servizio sanitario regionale"),
                today,
                azienda.map(Azienda::name).orElse(null),
                azienda.map(Azienda::telecom).orElse(null),
                booking.fillerCode(),
                person(booking),
                booking.prescription() == null
                        ? List.of()
                        : booking.prescription().numbers(),
                booking.lines().stream().map(line -> line(line, today)).toList(),
                due,
                cup.map(CupAzienda::payAfter).orElse(false) ? "after" : "before",
                due != null && due.signum() == 0,
                first == null ? null : rome(first.start().minusHours(hours)),
                hours,
                List.copyOf(notes),
                List.copyOf(forms));
    }

    private static void take(Note note, String about, Set<PromemoriaPage.Text> notes, Set<String> forms) {
        notes.add(new PromemoriaPage.Text(about, note.text()));
        if (note.form() != null) {
            forms.add(note.form());
        }
    }

    private static PromemoriaPage.Person person(Booking booking) {
        var patient = booking.patient();
        if (patient == null) {
            return null;
        }
        String code = patient.fiscalCode() != null
                ? patient.fiscalCode()
                : patient.stp() != null ? patient.stp() : patient.eni();
        return new PromemoriaPage.Person(patient.family(), patient.given(), patient.birthDate(), code);
    }

    private PromemoriaPage.Line line(BookedLine line, LocalDate today) {
        Slot slot = line.slot();
        return new PromemoriaPage.Line(
                line.service(),
                title(line, today),
                line.quantity(),
                line.side(),
                slot == null || slot.start() == null ? null : rome(slot.start()),
                slot == null ? null : slot.minutes(),
                slot == null ? null : slot.place(),
                slot == null ? null : slot.unit(),
                line.ticket());
    }

    private static String name(BookedLine line) {
        return line.item() != null ? line.item() : line.service();
    }

    private String title(BookedLine line, LocalDate today) {
        return catalogue
                .item(name(line), today)
                .map(CatalogueItem::title)
                .or(() -> Optional.ofNullable(line.description()))
                .orElse(line.service());
    }

    /** What a clock on the wall of the clinic shows. */
    private static LocalDateTime rome(OffsetDateTime moment) {
        return moment.atZoneSameInstant(ROME).toLocalDateTime();
    }
}
