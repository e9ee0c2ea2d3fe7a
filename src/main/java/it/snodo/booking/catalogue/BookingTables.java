package it.snodo.booking.catalogue;

import it.snodo.booking.Note;
import it.snodo.booking.catalogue.BookingCatalogue.LocalService;
import it.snodo.config.ConfigFolder;
import it.snodo.registry.Csv;
import it.snodo.registry.Csv.Row;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** How each booking table of {@code mappings/} is read: its columns, their forms, and the table that comes of it. */
final class BookingTables {

    static final String SERVICES = "mappings/booking-services.csv";
    static final String LOCAL_CODES = "mappings/booking-local-codes.csv";
    static final String NOTES = "mappings/booking-notes.csv";
    static final String INCOMPATIBILITIES = "mappings/booking-incompatibilities.csv";
    static final String LIMITS = "mappings/booking-limits.csv";
    static final String FORMS = "mappings/prescription-forms.csv";
    static final String CLASSES = "mappings/priority-classes.csv";
    static final String COUNTRIES = "mappings/convention-countries.csv";
    static final String FORMATS = "mappings/exemption-formats.csv";
    static final String COMUNI = "mappings/comune-successors.csv";
    static final String AZIENDE = "mappings/aziende.csv";

    private static final Pattern SIX = Pattern.compile("[0-9]{6}");
    private static final Pattern TWO = Pattern.compile("[0-9]{2}");
    private static final Pattern LETTER = Pattern.compile("[A-Z]");
    private static final Pattern COUNTRY = Pattern.compile("[0-9]{3}");
    private static final Set<String> KINDS = Set.of(
            "VISIT", "DIAGNOSTIC", "CONTROL", "SURGERY", "LABORATORY", "SPORT", "LEGAL", "REHABILITATION", "OTHER");
    private static final Set<String> PROFILES = Set.of("SIU", "SRM", "OMG", "FHIR");
    private static final Set<String> EXEMPTIONS = Set.of(
            "PATHOLOGY",
            "RARE",
            "INVALIDITY",
            "AGE_INCOME",
            "INCOME",
            "PENSION",
            "UNEMPLOYED",
            "PREGNANCY",
            "MAMMOGRAPHY",
            "PAP",
            "COLONOSCOPY",
            "PREVENTION",
            "ACCIDENT",
            "OTHER");

    private BookingTables() {}

    static String key(String code) {
        return code.strip().toUpperCase(Locale.ROOT);
    }

    /** What holds from a day to a day, both included; null is no limit. */
    record Dated<T>(T value, LocalDate from, LocalDate to) {

        boolean holdsOn(LocalDate day) {
            return (from == null || !day.isBefore(from)) && (to == null || !day.isAfter(to));
        }

        static <T> Dated<T> of(Row row, T value) {
            return new Dated<>(value, row.date("valid_from"), row.date("valid_to"));
        }
    }

    /** Entries by item, and items by service. */
    record Services(
            Map<String, List<Dated<CatalogueItem>>> byItem, Map<String, List<Dated<CatalogueItem>>> byService) {}

    /** Relations by azienda and item, and by azienda and local code; and the aziende that have any. */
    record Locals(
            Map<String, List<Dated<LocalService>>> byItem,
            Map<String, List<Dated<LocalService>>> byLocal,
            Set<String> aziende) {}

    /** A note and where it belongs; azienda null means any. */
    record Placed(Note note, String azienda) {}

    static Services services(ConfigFolder folder) {
        Map<String, List<Dated<CatalogueItem>>> byItem = new LinkedHashMap<>();
        Map<String, List<Dated<CatalogueItem>>> byService = new HashMap<>();
        Csv.read(folder, SERVICES, row -> {
            String code = key(row.need("code"));
            Dated<CatalogueItem> entry = Dated.of(
                    row,
                    new CatalogueItem(
                            code,
                            key(row.need("item")),
                            row.need("title"),
                            oneOf(row, "kind", KINDS),
                            branches(row),
                            row.flag("first_access"),
                            row.flag("direct"),
                            row.flag("free_access"),
                            Set.copyOf(list(row, "free_access_for")),
                            row.flag("blood_draw"),
                            row.flag("cyclic"),
                            row.flag("bilateral"),
                            list(row, "components").stream()
                                    .map(BookingTables::key)
                                    .toList(),
                            row.get("question"),
                            number(row, "preparation_days", 0),
                            aziende(row, "local_cup")));
            byItem.computeIfAbsent(entry.value().item(), any -> new ArrayList<>(1))
                    .add(entry);
            byService.computeIfAbsent(code, any -> new ArrayList<>(1)).add(entry);
        });
        return new Services(byItem, byService);
    }

    static Locals locals(ConfigFolder folder, Services services) {
        Map<String, List<Dated<LocalService>>> byItem = new HashMap<>();
        Map<String, List<Dated<LocalService>>> byLocal = new HashMap<>();
        Set<String> aziende = new HashSet<>();
        Csv.read(folder, LOCAL_CODES, row -> {
            LocalService local = new LocalService(
                    row.need("azienda", SIX), key(row.need("service")), key(row.need("item")), row.need("local_code"));
            if (services.byItem().getOrDefault(local.item(), List.of()).stream()
                    .noneMatch(entry -> entry.value().code().equals(local.service()))) {
                throw row.wrong("item", "«" + local.item() + "» di «" + local.service() + "» non è in " + SERVICES);
            }
            Dated<LocalService> entry = Dated.of(row, local);
            aziende.add(local.azienda());
            byItem.computeIfAbsent(pair(local.azienda(), local.item()), any -> new ArrayList<>(1))
                    .add(entry);
            byLocal.computeIfAbsent(pair(local.azienda(), local.localCode()), any -> new ArrayList<>(1))
                    .add(entry);
        });
        return new Locals(byItem, byLocal, aziende);
    }

    static String pair(String azienda, String code) {
        return key(azienda) + ' ' + key(code);
    }

    static Map<String, List<Dated<Placed>>> notes(ConfigFolder folder) {
        Map<String, List<Dated<Placed>>> table = new HashMap<>();
        Csv.read(folder, NOTES, row -> {
            String service = key(row.need("service"));
            Note.Kind kind = Note.Kind.valueOf(oneOf(row, "kind", Set.of("SERVICE", "OPERATOR", "PATIENT")));
            String azienda = row.get("azienda") == null ? null : row.need("azienda", SIX);
            table.computeIfAbsent(service, any -> new ArrayList<>(2))
                    .add(Dated.of(
                            row, new Placed(new Note(kind, service, row.need("text"), row.get("form")), azienda)));
        });
        return table;
    }

    static List<Dated<Incompatibility>> incompatibilities(ConfigFolder folder) {
        List<Dated<Incompatibility>> table = new ArrayList<>();
        Csv.read(
                folder,
                INCOMPATIBILITIES,
                row -> table.add(Dated.of(
                        row,
                        new Incompatibility(
                                key(row.need("a")),
                                key(row.need("b")),
                                number(row, "min_days", 0),
                                row.either("order", "A_FIRST", "ANY")))));
        return table;
    }

    static Map<String, List<Dated<BigDecimal>>> limits(ConfigFolder folder) {
        Map<String, List<Dated<BigDecimal>>> table = new HashMap<>();
        Csv.read(folder, LIMITS, row -> {
            try {
                table.computeIfAbsent(row.need("name"), any -> new ArrayList<>(1))
                        .add(Dated.of(row, new BigDecimal(row.need("value"))));
            } catch (NumberFormatException e) {
                throw row.wrong("value", "«" + row.get("value") + "» non è un numero (decimali con il punto)");
            }
        });
        return table;
    }

    static Map<String, List<Dated<PrescriptionForm>>> forms(ConfigFolder folder) {
        Map<String, List<Dated<PrescriptionForm>>> table = new LinkedHashMap<>();
        Csv.read(folder, FORMS, row -> {
            String id = key(row.need("id"));
            table.computeIfAbsent(id, any -> new ArrayList<>(1))
                    .add(Dated.of(
                            row,
                            new PrescriptionForm(
                                    id,
                                    row.need("title"),
                                    row.either("scope", "ISSUER", "ANY"),
                                    row.flag("accredited"),
                                    Set.copyOf(list(row, "services").stream()
                                            .map(BookingTables::key)
                                            .toList()))));
        });
        return table;
    }

    static List<Dated<PriorityClass>> classes(ConfigFolder folder) {
        List<Dated<PriorityClass>> table = new ArrayList<>();
        Csv.read(
                folder,
                CLASSES,
                row -> table.add(Dated.of(
                        row,
                        new PriorityClass(
                                row.need("letter", LETTER),
                                row.need("name"),
                                number(row, "visit_days", null),
                                number(row, "diagnostic_days", null),
                                row.flag("bookable"),
                                row.flag("standard")))));
        return table;
    }

    static List<Dated<ConventionCountry>> countries(ConfigFolder folder) {
        List<Dated<ConventionCountry>> table = new ArrayList<>();
        Csv.read(folder, COUNTRIES, row -> {
            row.need("names");
            table.add(Dated.of(row, new ConventionCountry(row.need("country", COUNTRY), list(row, "names"))));
        });
        return table;
    }

    static List<Dated<ExemptionFormat>> formats(ConfigFolder folder) {
        List<Dated<ExemptionFormat>> table = new ArrayList<>();
        Csv.read(folder, FORMATS, row -> {
            try {
                table.add(Dated.of(
                        row,
                        new ExemptionFormat(
                                oneOf(row, "type", EXEMPTIONS),
                                Pattern.compile(row.need("pattern")),
                                row.either("kind", "GENERAL", "PARTIAL"))));
            } catch (PatternSyntaxException e) {
                throw row.wrong("pattern", "«" + row.get("pattern") + "» non è un'espressione regolare");
            }
        });
        return table;
    }

    static Map<String, Dated<VanishedComune>> comuni(ConfigFolder folder, Map<String, String> names) {
        Map<String, Dated<VanishedComune>> table = new HashMap<>();
        Csv.read(folder, COMUNI, row -> {
            String successor = row.need("successor", SIX);
            if (!names.containsKey(successor)) {
                throw row.wrong("successor", "«" + successor + "» non è in mappings/comuni.csv");
            }
            row.need("merged");
            Dated<VanishedComune> entry = new Dated<>(
                    new VanishedComune(row.need("name"), successor, names.get(successor)), row.date("merged"), null);
            table.put(Words.fold(row.need("name")), entry);
            if (row.get("code") != null) {
                table.put(Words.fold(row.need("code", SIX)), entry);
            }
        });
        return table;
    }

    static Map<String, String> comuneNames(ConfigFolder folder) {
        Map<String, String> names = new HashMap<>(16384);
        Csv.read(folder, "mappings/comuni.csv", row -> names.put(row.need("code", SIX), row.need("name")));
        return names;
    }

    /** The aziende that have a CUP, by their six digits. */
    static Map<String, Dated<CupAzienda>> aziende(ConfigFolder folder) {
        Map<String, Dated<CupAzienda>> table = new LinkedHashMap<>();
        Csv.read(folder, AZIENDE, row -> {
            if (row.get("profile") == null) {
                return;
            }
            if (!row.need("status").equals("active")) {
                throw row.wrong("profile", "un'azienda non più attiva non è collegata: lo è il suo successore");
            }
            String code = row.need("code", SIX);
            CupAzienda azienda = new CupAzienda(
                    code,
                    row.need("short_code"),
                    row.need("name"),
                    oneOf(row, "profile", PROFILES),
                    row.get("cup_host"),
                    number(row, "cup_port", 0),
                    version(row),
                    row.get("cup_charset"),
                    row.get("cup_tls"),
                    row.flag("control_visits"),
                    row.flag("pharmacies"),
                    row.flag("fax"),
                    row.flag("pay_after"),
                    row.flag("mixed_exemption"),
                    Set.copyOf(list(row, "cup_quirks")));
            table.put(code, new Dated<>(azienda, row.date("sovracup_from"), row.date("sovracup_to")));
        });
        return table;
    }

    /** Null for the usual one. */
    private static String version(Row row) {
        String version =
                row.get("cup_version") == null ? null : oneOf(row, "cup_version", Set.copyOf(CupAzienda.VERSIONS));
        if ("2.6".equals(version) && "OMG".equals(row.get("profile"))) {
            throw row.wrong(
                    "cup_version", "dalla 2.6 un OMG non ha più i campi (TQ, SPS) che qui si usano: fino alla 2.5.1");
        }
        return version;
    }

    // --- cells ------------------------------------------------------------------------------------------------

    private static List<String> list(Row row, String column) {
        String cell = row.get(column);
        return cell == null
                ? List.of()
                : Stream.of(cell.split(";"))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .distinct()
                        .toList();
    }

    private static Set<String> branches(Row row) {
        return matching(row, "branches", TWO, "di due cifre");
    }

    private static Set<String> aziende(Row row, String column) {
        return matching(row, column, SIX, "di sei cifre");
    }

    private static Set<String> matching(Row row, String column, Pattern form, String what) {
        Set<String> set = new LinkedHashSet<>(list(row, column));
        set.forEach(each -> {
            if (!form.matcher(each).matches()) {
                throw row.wrong(column, "«" + each + "» non è un codice " + what);
            }
        });
        return set;
    }

    private static String oneOf(Row row, String column, Set<String> words) {
        String word = row.need(column);
        if (!words.contains(word)) {
            throw row.wrong(
                    column,
                    "«" + word + "» non è uno di "
                            + String.join(
                                    ", ",
                                    Arrays.stream(words.toArray(String[]::new))
                                            .sorted()
                                            .toList()));
        }
        return word;
    }

    /** @param absent what an empty cell means; null when it may not be empty */
    private static int number(Row row, String column, Integer absent) {
        String cell = absent == null ? row.need(column) : row.get(column);
        try {
            int value = cell == null ? absent : Integer.parseInt(cell);
            if (value < 0) {
                throw row.wrong(column, "«" + cell + "» è negativo");
            }
            return value;
        } catch (NumberFormatException e) {
            throw row.wrong(column, "«" + cell + "» non è un numero intero");
        }
    }
}
