package it.snodo.booking.catalogue;

import it.snodo.booking.Note;
import it.snodo.booking.catalogue.BookingTables.Dated;
import it.snodo.booking.catalogue.BookingTables.Locals;
import it.snodo.booking.catalogue.BookingTables.Placed;
import it.snodo.booking.catalogue.BookingTables.Services;
import it.snodo.config.ConfigFolder;
import it.snodo.config.Watched;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Country;
import it.snodo.registry.TableException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The booking tables, each read when it is first asked for and read again when its file changes; a file that cannot be
 * read leaves the last good content in force and is told in the health of the configuration.
 */
@Component
class TableCatalogue implements BookingCatalogue {

    private final CodeTables tables;
    private final Watched<Services> services;
    private final Watched<Locals> locals;
    private final Watched<Map<String, List<Dated<Placed>>>> notes;
    private final Watched<List<Dated<Incompatibility>>> incompatibilities;
    private final Watched<Map<String, List<Dated<BigDecimal>>>> limits;
    private final Watched<Map<String, List<Dated<PrescriptionForm>>>> forms;
    private final Watched<List<Dated<PriorityClass>>> classes;
    private final Watched<List<Dated<ConventionCountry>>> countries;
    private final Watched<List<Dated<ExemptionFormat>>> formats;
    private final Watched<Map<String, Dated<VanishedComune>>> comuni;
    private final Watched<Map<String, Dated<CupAzienda>>> aziende;
    private final List<Watched<?>> all = new ArrayList<>();

    TableCatalogue(ConfigFolder folder, CodeTables tables) {
        this.tables = tables;
        services = watch(folder, BookingTables::services, BookingTables.SERVICES);
        // a local code whose service is gone is a mistake of the pair of files
        locals = watch(
                folder,
                from -> BookingTables.locals(from, BookingTables.services(from)),
                BookingTables.LOCAL_CODES,
                BookingTables.SERVICES);
        notes = watch(folder, BookingTables::notes, BookingTables.NOTES);
        incompatibilities = watch(folder, BookingTables::incompatibilities, BookingTables.INCOMPATIBILITIES);
        limits = watch(folder, BookingTables::limits, BookingTables.LIMITS);
        forms = watch(folder, BookingTables::forms, BookingTables.FORMS);
        classes = watch(folder, BookingTables::classes, BookingTables.CLASSES);
        countries = watch(folder, BookingTables::countries, BookingTables.COUNTRIES);
        formats = watch(folder, BookingTables::formats, BookingTables.FORMATS);
        comuni = watch(
                folder,
                from -> BookingTables.comuni(from, BookingTables.comuneNames(from)),
                BookingTables.COMUNI,
                "mappings/comuni.csv");
        aziende = watch(folder, BookingTables::aziende, BookingTables.AZIENDE);
    }

    private <T> Watched<T> watch(ConfigFolder folder, Function<ConfigFolder, T> maker, String... names) {
        Watched<T> watched = new Watched<>(folder, List.of(names), maker);
        all.add(watched);
        return watched;
    }

    @Override
    public void warm() {
        all.forEach(Watched::get);
    }

    @Override
    public Optional<CatalogueItem> item(String codeOrItem, LocalDate day) {
        return codeOrItem == null
                ? Optional.empty()
                : valid(services.get().byItem().get(BookingTables.key(codeOrItem)), day)
                        .findFirst();
    }

    @Override
    public List<CatalogueItem> itemsOf(String service, LocalDate day) {
        return service == null
                ? List.of()
                : valid(services.get().byService().get(BookingTables.key(service)), day)
                        .filter(each -> !each.item().equals(each.code()))
                        .toList();
    }

    @Override
    public Collection<CatalogueItem> items(LocalDate day) {
        return services.get().byItem().values().stream()
                .flatMap(entries -> valid(entries, day))
                .toList();
    }

    @Override
    public List<LocalService> local(String azienda, String codeOrItem, LocalDate day) {
        if (azienda == null || codeOrItem == null) {
            return List.of();
        }
        if (usesOurs(azienda, day)) {
            return item(codeOrItem, day).stream()
                    .map(each -> ours(azienda, each))
                    .toList();
        }
        Map<String, List<Dated<LocalService>>> table = locals.get().byItem();
        Stream<LocalService> own = valid(table.get(BookingTables.pair(azienda, codeOrItem)), day);
        Stream<LocalService> generic = item(codeOrItem, day)
                .filter(entry -> entry.question() != null && !entry.item().equals(entry.code()))
                .map(entry -> valid(table.get(BookingTables.pair(azienda, entry.code())), day))
                .orElse(Stream.empty());
        return Stream.concat(own, generic).toList();
    }

    @Override
    public Optional<LocalService> regional(String azienda, String localCode, LocalDate day) {
        if (azienda == null || localCode == null) {
            return Optional.empty();
        }
        return usesOurs(azienda, day)
                ? item(localCode, day).map(each -> ours(azienda, each))
                : valid(locals.get().byLocal().get(BookingTables.pair(azienda, localCode)), day)
                        .findFirst();
    }

    /** Whether an azienda is connected by its row alone: its CUP calls everything as the catalogue does. */
    private boolean usesOurs(String azienda, LocalDate day) {
        return !locals.get().aziende().contains(azienda)
                && Optional.ofNullable(aziende.get().get(azienda))
                        .filter(entry -> entry.holdsOn(day))
                        .isPresent();
    }

    private static LocalService ours(String azienda, CatalogueItem entry) {
        return new LocalService(azienda, entry.code(), entry.item(), entry.item());
    }

    @Override
    public List<Note> notes(String codeOrItem, String azienda, LocalDate day) {
        if (codeOrItem == null) {
            return List.of();
        }
        String key = BookingTables.key(codeOrItem);
        String service = item(key, day).map(CatalogueItem::code).orElse(key);
        return Stream.of(service, key)
                .distinct()
                .flatMap(each -> valid(notes.get().get(each), day))
                .filter(each -> each.azienda() == null || each.azienda().equals(azienda))
                .map(Placed::note)
                .toList();
    }

    @Override
    public Optional<CupAzienda> azienda(String code, LocalDate day) {
        return tables.azienda(code)
                .map(found -> aziende.get().get(found.code()))
                .filter(entry -> entry.holdsOn(day))
                .map(Dated::value);
    }

    @Override
    public Collection<CupAzienda> aziende(LocalDate day) {
        return aziende.get().values().stream()
                .filter(entry -> entry.holdsOn(day))
                .map(Dated::value)
                .toList();
    }

    @Override
    public BigDecimal limit(String name, LocalDate day) {
        return valid(limits.get().get(name), day)
                .findFirst()
                .orElseThrow(() ->
                        new TableException(BookingTables.LIMITS + ": manca il limite «" + name + "» valido il " + day));
    }

    @Override
    public Optional<PrescriptionForm> form(String id, LocalDate day) {
        return id == null
                ? Optional.empty()
                : valid(forms.get().get(BookingTables.key(id)), day).findFirst();
    }

    @Override
    public Optional<PriorityClass> priority(String letter, LocalDate day) {
        return letter == null
                ? Optional.empty()
                : valid(classes.get(), day)
                        .filter(each -> each.letter().equals(BookingTables.key(letter)))
                        .findFirst();
    }

    @Override
    public PriorityClass standardPriority(LocalDate day) {
        return valid(classes.get(), day)
                .filter(PriorityClass::standard)
                .findFirst()
                .orElseThrow(() -> new TableException(
                        BookingTables.CLASSES + ", colonna «standard»: nessuna classe predefinita il " + day));
    }

    @Override
    public Optional<ConventionCountry> convention(String country, LocalDate day) {
        if (country == null) {
            return Optional.empty();
        }
        String words = Words.fold(country);
        String code = tables.country(country).map(Country::code).orElse(null);
        return valid(countries.get(), day)
                .filter(each -> each.code().equals(code)
                        || each.names().stream()
                                .anyMatch(name -> Words.fold(name).equals(words)))
                .findFirst();
    }

    @Override
    public List<ExemptionFormat> exemptionFormats(LocalDate day) {
        return valid(formats.get(), day).toList();
    }

    @Override
    public List<Incompatibility> incompatibilities(LocalDate day) {
        return valid(incompatibilities.get(), day).toList();
    }

    @Override
    public Optional<VanishedComune> vanished(String comune, LocalDate day) {
        return comune == null
                ? Optional.empty()
                : Optional.ofNullable(comuni.get().get(Words.fold(comune)))
                        .filter(entry -> entry.holdsOn(day))
                        .map(Dated::value);
    }

    private static <T> Stream<T> valid(List<Dated<T>> rows, LocalDate day) {
        return rows == null
                ? Stream.empty()
                : rows.stream().filter(row -> row.holdsOn(day)).map(Dated::value);
    }
}
