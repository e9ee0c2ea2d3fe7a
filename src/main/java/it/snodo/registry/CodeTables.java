package it.snodo.registry;

import it.snodo.config.ConfigFolder;
import it.snodo.config.Watched;
import java.text.Normalizer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * The code tables of {@code mappings/}: each is read when it is first asked for, kept as it was read, and read again
 * when its file changes. Lookups trim and ignore case; they never strip leading zeros, which belong to a code.
 *
 * <p>A lookup throws {@link TableException} only when its table could not be read even once; {@link #warm()} finds that
 * out at the start.
 */
@Component
public class CodeTables {

    private static final Pattern SIX = Pattern.compile("[0-9]{6}");
    private static final Pattern ICD = Pattern.compile("([0-9]{3}|V[0-9]{2}|E[0-9]{3})(\\.[0-9]{1,2})?");
    private static final Pattern FILLER = Pattern.compile("F[0-9]{3}|000");
    private static final Pattern ASL_NUMBER = Pattern.compile("AS[LO] ?([0-9]{1,3})");

    private final Watched<Exemptions> exemptions;
    private final Watched<Pairs> pairs;
    private final Watched<Map<String, Map<String, ExemptionDuration>>> durations;
    private final Watched<Map<String, List<String>>> fillers;
    private final Watched<Map<String, Diagnosis>> diagnoses;
    private final Watched<Services> services;
    private final Watched<Aziende> aziende;
    private final Watched<Map<String, Structure>> structures;
    private final Watched<Map<String, Unit>> units;
    private final Watched<Map<String, RegisteredProfessional>> professionals;
    private final Watched<Map<String, Regime>> regimes;
    private final Watched<Map<String, String>> ticketStates;
    private final Watched<Map<String, String>> disciplines;
    private final Watched<Map<String, String>> practiceSettings;
    private final Watched<Places> places;
    private final Watched<Map<String, Country>> countries;
    private final Watched<Map<String, Region>> regions;
    private final Watched<Map<String, String>> oids;
    private final List<Watched<?>> all = new ArrayList<>();

    public CodeTables(ConfigFolder folder) {
        exemptions = watch(
                folder,
                CodeTables::exemptions,
                "mappings/exemptions.csv",
                "mappings/rare-diseases.csv",
                "mappings/exemption-families.csv");
        pairs = watch(folder, CodeTables::pairs, "mappings/exemption-diagnoses.csv");
        durations = watch(folder, CodeTables::durations, "mappings/exemption-durations.csv");
        fillers = watch(folder, CodeTables::fillers, "mappings/diagnosis-fillers.csv");
        diagnoses = watch(folder, CodeTables::diagnoses, "mappings/diagnoses.csv");
        services = watch(folder, CodeTables::services, "mappings/services.csv");
        aziende = watch(folder, CodeTables::aziende, "mappings/aziende.csv");
        structures = watch(folder, CodeTables::structures, "mappings/structures.csv");
        units = watch(folder, CodeTables::units, "mappings/units.csv");
        professionals = watch(folder, CodeTables::professionals, "mappings/professionals.csv");
        regimes = watch(folder, CodeTables::regimes, "mappings/regimes.csv");
        ticketStates =
                watch(folder, f -> words(f, "mappings/ticket-states.csv", "title"), "mappings/ticket-states.csv");
        disciplines = watch(folder, f -> words(f, "mappings/disciplines.csv", "name"), "mappings/disciplines.csv");
        practiceSettings = watch(
                folder, f -> words(f, "mappings/practice-settings.csv", "name"), "mappings/practice-settings.csv");
        places = watch(folder, CodeTables::places, "mappings/comuni.csv", "mappings/provinces.csv");
        countries = watch(folder, CodeTables::countries, "mappings/countries.csv");
        regions = watch(folder, CodeTables::regions, "mappings/regions.csv");
        oids = watch(folder, CodeTables::oids, "mappings/oids.csv");
    }

    private <T> Watched<T> watch(
            ConfigFolder folder, java.util.function.Function<ConfigFolder, T> maker, String... names) {
        Watched<T> watched = new Watched<>(folder, List.of(names), maker);
        all.add(watched);
        return watched;
    }

    /**
     * Reads every table that has not been read yet.
     *
     * @throws TableException naming file, line and column of the first thing wrong
     */
    public void warm() {
        all.forEach(Watched::get);
    }

    /** Why changes to tables were not taken, one sentence each; empty when all is well. */
    public List<String> errors() {
        return all.stream()
                .map(Watched::error)
                .filter(java.util.Objects::nonNull)
                .toList();
    }

    // --- exemptions -------------------------------------------------------------------------------------------

    /** The exemption that a code or one of its aliases (002A for 0A02) names on that day. */
    public Optional<Exemption> exemption(String code, LocalDate day) {
        return exemptionRows(code).stream().filter(row -> row.validOn(day)).findFirst();
    }

    /** The exemption whatever the day: the row that ends last. */
    public Optional<Exemption> exemption(String code) {
        return exemptionRows(code).stream()
                .max(java.util.Comparator.comparing(row -> row.validTo() == null ? LocalDate.MAX : row.validTo()));
    }

    private List<Exemption> exemptionRows(String code) {
        String key = key(code);
        Exemptions table = exemptions.get();
        // what is a code itself is no other's alias: C02 is an invalidity, not the old name of 0C02
        List<Exemption> own = table.rows.get(key);
        return own != null ? own : table.rows.getOrDefault(table.aliases.getOrDefault(key, key), List.of());
    }

    /** What the table of pairs says of the exemption (canonical code) and the diagnosis (either spelling). */
    public Pairing pairing(String exemption, String diagnosis) {
        Pairs table = pairs.get();
        List<Pair> listed = table.byExemption.get(key(exemption));
        if (listed == null) {
            return Pairing.UNKNOWN;
        }
        String plain = Icd9.undotted(diagnosis);
        for (Pair pair : listed) {
            if (pair.covers(plain)) {
                return Pairing.LISTED;
            }
        }
        return table.binding.contains(key(exemption)) ? Pairing.REFUSED : Pairing.NOT_LISTED;
    }

    /** Default duration for the exemption (canonical code) and the diagnosis, which may be null; empty when unknown. */
    public Optional<ExemptionDuration> duration(String exemption, String diagnosis) {
        Map<String, ExemptionDuration> of = durations.get().getOrDefault(key(exemption), Map.of());
        if (diagnosis != null) {
            String code = Icd9.dotted(diagnosis);
            for (int length = code.length(); length >= 3; length--) {
                ExemptionDuration found = of.get(code.substring(0, length));
                if (found != null) {
                    return Optional.of(found);
                }
            }
        }
        return Optional.ofNullable(of.get("*"));
    }

    // --- diagnoses --------------------------------------------------------------------------------------------

    /** Whether the code is a filler, "no diagnosis code": {@code Fnnn} or {@code 000}; never to be sent out. */
    public static boolean isFiller(String code) {
        return code != null && FILLER.matcher(key(code)).matches();
    }

    /** The exemptions that a filler stands for; {@code *} for any without a required diagnosis; empty when unknown. */
    public List<String> fillerExemptions(String filler) {
        return fillers.get().getOrDefault(key(filler), List.of());
    }

    /** The fillers meant for one exemption. */
    public List<String> fillersFor(String exemption) {
        return fillers.get().entrySet().stream()
                .filter(entry -> entry.getValue().contains(key(exemption)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A diagnosis, dotted or not. */
    public Optional<Diagnosis> diagnosis(String code) {
        return Optional.ofNullable(diagnoses.get().get(Icd9.undotted(code)));
    }

    // --- services, regimes and other small ones ----------------------------------------------------------------

    public Optional<Service> service(String code) {
        return Optional.ofNullable(services.get().byCode.get(key(code)));
    }

    /** What stands in a document for a request that names no service. */
    public Service defaultService() {
        return services.get().standard;
    }

    public Optional<Regime> regime(String code) {
        return Optional.ofNullable(regimes.get().get(key(code)));
    }

    public Collection<Regime> regimes() {
        return regimes.get().values();
    }

    /** Words for a state of the ticket's payment. */
    public Optional<String> ticketState(String code) {
        return Optional.ofNullable(ticketStates.get().get(key(code)));
    }

    public Set<String> ticketStates() {
        return ticketStates.get().keySet();
    }

    /** Name of a hospital discipline, two digits. */
    public Optional<String> discipline(String code) {
        return Optional.ofNullable(disciplines.get().get(key(code)));
    }

    /** Name of an assetto organizzativo, {@code AD_PSCnnn}. */
    public Optional<String> practiceSetting(String code) {
        return Optional.ofNullable(practiceSettings.get().get(key(code)));
    }

    /**
     * An OID by its key in {@code oids.csv}.
     *
     * @throws TableException when the table has no such key
     */
    public String oid(String key) {
        return findOid(key).orElseThrow(() -> new TableException("mappings/oids.csv: manca la riga «" + key + "»"));
    }

    public Optional<String> findOid(String key) {
        return Optional.ofNullable(oids.get().get(key));
    }

    // --- aziende, structures, units, people --------------------------------------------------------------------

    /**
     * The azienda of today that a code names: six digits, three, "ASL 3" or "ASO 901" as in 2007, or an OID whose last
     * arc is one of these; a company that was merged gives its successor.
     */
    public Optional<Azienda> azienda(String code) {
        if (code == null) {
            return Optional.empty();
        }
        Aziende table = aziende.get();
        String key = key(code);
        Matcher numbered = ASL_NUMBER.matcher(key);
        if (numbered.matches()) {
            String number = numbered.group(1);
            key = number.length() == 3 ? number : "1" + "0".repeat(2 - number.length()) + number;
        }
        int arc = key.lastIndexOf('.');
        if (arc >= 0 && key.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9')) {
            key = key.substring(arc + 1);
            // An arc of an OID has no leading zero.
            key = key.length() == 5 ? "0" + key : key;
        }
        return Optional.ofNullable(table.byCode.get(table.canonical.getOrDefault(key, key)));
    }

    /** Every azienda of today. */
    public Collection<Azienda> aziende() {
        return aziende.get().byCode.values();
    }

    public Optional<Structure> structure(String code) {
        return code == null
                ? Optional.empty()
                : Optional.ofNullable(structures.get().get(key(code)));
    }

    public Optional<Unit> unit(String code) {
        return code == null ? Optional.empty() : Optional.ofNullable(units.get().get(key(code)));
    }

    public Optional<RegisteredProfessional> professional(String fiscalCode) {
        return fiscalCode == null
                ? Optional.empty()
                : Optional.ofNullable(professionals.get().get(key(fiscalCode)));
    }

    // --- places -----------------------------------------------------------------------------------------------

    /** A municipality by its six digits. */
    public Optional<Comune> comune(String code) {
        return code == null
                ? Optional.empty()
                : Optional.ofNullable(places.get().comuni.get(key(code)));
    }

    /** A municipality by its name; of several with that name the one in the province (two letters), else none. */
    public Optional<Comune> comuneNamed(String name, String province) {
        List<Comune> found = places.get().byName.getOrDefault(fold(name), List.of());
        if (found.size() > 1 && province != null) {
            found = found.stream()
                    .filter(c -> province.equalsIgnoreCase(c.province()))
                    .toList();
        }
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** Two letters of a province, from them or from its name. */
    public Optional<String> province(String text) {
        return text == null
                ? Optional.empty()
                : Optional.ofNullable(places.get().provinces.get(fold(text)));
    }

    /** A state by ISTAT code (also {@code 999nnn}), ISO 3166 code or Italian name. */
    public Optional<Country> country(String text) {
        if (text == null) {
            return Optional.empty();
        }
        String key = fold(text);
        return Optional.ofNullable(
                countries.get().get(key.length() == 6 && key.startsWith("999") ? key.substring(3) : key));
    }

    /** A region by its three digits. */
    public Optional<Region> region(String code) {
        return code == null
                ? Optional.empty()
                : Optional.ofNullable(regions.get().get(key(code)));
    }

    // --- how each is read -------------------------------------------------------------------------------------

    private static String key(String code) {
        return code.strip().toUpperCase(Locale.ROOT);
    }

    /** For names: upper case, without accents and punctuation. */
    private static String fold(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        boolean ascii = name.chars().allMatch(c -> c < 128);
        String decomposed = ascii ? name : Normalizer.normalize(name, Normalizer.Form.NFD);
        for (int i = 0; i < decomposed.length(); i++) {
            char c = decomposed.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                plain.append(Character.toUpperCase(c));
            }
        }
        return plain.toString();
    }

    private static Exemptions exemptions(ConfigFolder folder) {
        Map<String, String[]> families = new HashMap<>();
        Csv.read(
                folder,
                "mappings/exemption-families.csv",
                row -> families.put(row.need("family"), new String[] {row.need("group"), row.need("label")}));
        Map<String, List<Exemption>> rows = new LinkedHashMap<>();
        Map<String, String> aliases = new HashMap<>();
        Csv.read(folder, "mappings/exemptions.csv", row -> {
            String code = key(row.need("code"));
            String family = row.need("family");
            if (!families.containsKey(family)) {
                throw row.wrong("family", "«" + family + "» non è in exemption-families.csv");
            }
            add(
                    rows,
                    new Exemption(
                            code,
                            family,
                            families.get(family)[1],
                            families.get(family)[0],
                            row.need("title"),
                            row.either("diagnosis", "required", "optional"),
                            row.either("scope", "regional", "national"),
                            row.date("valid_from"),
                            row.date("valid_to"),
                            row.get("note")));
            String others = row.get("aliases");
            if (others != null) {
                for (String alias : others.split(" +")) {
                    aliases.put(key(alias), code);
                }
            }
        });
        Csv.read(folder, "mappings/rare-diseases.csv", row -> {
            if (!families.containsKey("rare")) {
                throw new TableException("mappings/exemption-families.csv: manca la famiglia «rare»");
            }
            add(
                    rows,
                    new Exemption(
                            key(row.need("code")),
                            "rare",
                            families.get("rare")[1],
                            families.get("rare")[0],
                            row.need("title"),
                            false,
                            false,
                            row.date("valid_from"),
                            row.date("valid_to"),
                            null));
        });
        return new Exemptions(Map.copyOf(rows), Map.copyOf(aliases));
    }

    private static void add(Map<String, List<Exemption>> rows, Exemption exemption) {
        rows.computeIfAbsent(exemption.code(), code -> new ArrayList<>(1)).add(exemption);
    }

    private static Pairs pairs(ConfigFolder folder) {
        Map<String, List<Pair>> byExemption = new HashMap<>();
        Set<String> binding = new HashSet<>();
        Csv.read(folder, "mappings/exemption-diagnoses.csv", row -> {
            String exemption = key(row.need("exemption"));
            String from = Icd9.undotted(row.need("diagnosis", ICD));
            String to = row.get("diagnosis_to") == null ? null : Icd9.undotted(row.need("diagnosis_to", ICD));
            byExemption.computeIfAbsent(exemption, code -> new ArrayList<>()).add(new Pair(from, to));
            if (row.flag("binding")) {
                binding.add(exemption);
            }
        });
        return new Pairs(Map.copyOf(byExemption), Set.copyOf(binding));
    }

    private static Map<String, Map<String, ExemptionDuration>> durations(ConfigFolder folder) {
        Map<String, Map<String, ExemptionDuration>> table = new HashMap<>();
        Csv.read(folder, "mappings/exemption-durations.csv", row -> {
            String unit = row.get("unit");
            if (unit == null) {
                return;
            }
            if (!"GMAI".contains(unit) || unit.length() != 1) {
                throw row.wrong("unit", "«" + unit + "» non è G, M, A o I");
            }
            int amount = 0;
            if (!unit.equals("I")) {
                try {
                    amount = Integer.parseInt(row.need("amount"));
                } catch (NumberFormatException e) {
                    throw row.wrong("amount", "«" + row.get("amount") + "» non è un numero");
                }
            }
            table.computeIfAbsent(key(row.need("exemption")), code -> new HashMap<>())
                    .put(key(row.need("diagnosis")), new ExemptionDuration(unit, amount));
        });
        return table;
    }

    private static Map<String, List<String>> fillers(ConfigFolder folder) {
        Map<String, List<String>> table = new LinkedHashMap<>();
        Csv.read(folder, "mappings/diagnosis-fillers.csv", row -> table.computeIfAbsent(
                        row.need("filler", FILLER), code -> new ArrayList<>())
                .add(key(row.need("exemption"))));
        return table;
    }

    private static Map<String, Diagnosis> diagnoses(ConfigFolder folder) {
        Map<String, Diagnosis> table = new HashMap<>(32768);
        Csv.read(folder, "mappings/diagnoses.csv", row -> {
            String code = row.need("code", ICD);
            table.put(Icd9.undotted(code), new Diagnosis(code, row.need("title"), row.flag("fse")));
        });
        return table;
    }

    private static Services services(ConfigFolder folder) {
        Map<String, Service> byCode = new HashMap<>(4096);
        Service[] standard = new Service[1];
        Csv.read(folder, "mappings/services.csv", row -> {
            Service service = new Service(key(row.need("code")), row.need("title"));
            byCode.put(service.code(), service);
            if (row.flag("default")) {
                if (standard[0] != null) {
                    throw row.wrong("default", "una sola prestazione può essere quella predefinita");
                }
                standard[0] = service;
            }
        });
        if (standard[0] == null) {
            throw new TableException("mappings/services.csv, colonna «default»: nessuna prestazione predefinita");
        }
        return new Services(byCode, standard[0]);
    }

    private static Aziende aziende(ConfigFolder folder) {
        Map<String, Azienda> byCode = new LinkedHashMap<>();
        Map<String, String> canonical = new HashMap<>();
        Map<String, Csv.Row> followed = new LinkedHashMap<>();
        Csv.read(folder, "mappings/aziende.csv", row -> {
            String code = row.need("code", SIX);
            String shortCode = row.get("short_code");
            boolean active = row.either("status", "active", "historic");
            String target = active ? code : row.need("successor", SIX);
            canonical.put(code, target);
            if (shortCode != null) {
                canonical.put(shortCode, target);
            }
            if (active) {
                byCode.put(
                        code,
                        new Azienda(
                                code,
                                shortCode,
                                row.need("name"),
                                row.need("kind"),
                                row.need("region"),
                                row.get("comune"),
                                row.get("telecom")));
            } else {
                followed.put(target, row);
            }
        });
        followed.forEach((target, row) -> {
            if (!byCode.containsKey(target)) {
                throw row.wrong("successor", "«" + target + "» non è un'azienda attiva della tabella");
            }
        });
        return new Aziende(byCode, canonical);
    }

    private static Map<String, Structure> structures(ConfigFolder folder) {
        Map<String, Structure> table = new HashMap<>();
        Csv.read(folder, "mappings/structures.csv", row -> {
            String system = row.either("system", "HSP.11", "STS.11") ? "hsp.11" : "sts.11";
            String code = key(row.need("code"));
            table.put(code, new Structure(code, system, row.need("name"), row.need("azienda", SIX), row.get("comune")));
        });
        return table;
    }

    private static Map<String, Unit> units(ConfigFolder folder) {
        Map<String, Unit> table = new HashMap<>();
        Csv.read(folder, "mappings/units.csv", row -> {
            String code = key(row.need("code"));
            table.put(
                    code,
                    new Unit(
                            code,
                            row.need("name"),
                            row.get("azienda"),
                            row.get("structure"),
                            row.get("practice_setting"),
                            row.get("telecom")));
        });
        return table;
    }

    private static Map<String, RegisteredProfessional> professionals(ConfigFolder folder) {
        Map<String, RegisteredProfessional> table = new HashMap<>();
        Csv.read(folder, "mappings/professionals.csv", row -> {
            String code = key(row.need("fiscal_code"));
            table.put(
                    code,
                    new RegisteredProfessional(
                            code,
                            row.get("family"),
                            row.get("given"),
                            row.get("telecom"),
                            row.get("azienda"),
                            row.get("unit")));
        });
        return table;
    }

    private static Map<String, Regime> regimes(ConfigFolder folder) {
        Map<String, Regime> table = new LinkedHashMap<>();
        Csv.read(folder, "mappings/regimes.csv", row -> {
            String code = key(row.need("code"));
            table.put(code, new Regime(code, row.need("title"), row.flag("certificate")));
        });
        return table;
    }

    private static Map<String, String> words(ConfigFolder folder, String file, String column) {
        Map<String, String> table = new LinkedHashMap<>();
        Csv.read(folder, file, row -> table.put(key(row.need("code")), row.need(column)));
        return table;
    }

    private static Places places(ConfigFolder folder) {
        Map<String, String> provinces = new HashMap<>();
        Map<String, String> letters = new HashMap<>();
        Csv.read(folder, "mappings/provinces.csv", row -> {
            String abbreviation = key(row.need("abbreviation"));
            provinces.put(fold(row.need("name")), abbreviation);
            letters.put(row.need("code"), abbreviation);
        });
        // Last, so that an abbreviation always means itself.
        letters.values().forEach(abbreviation -> provinces.put(abbreviation, abbreviation));
        Map<String, Comune> comuni = new HashMap<>(16384);
        Map<String, List<Comune>> byName = new HashMap<>(16384);
        Csv.read(folder, "mappings/comuni.csv", row -> {
            String code = row.need("code", SIX);
            Comune comune = new Comune(code, row.need("name"), letters.get(code.substring(0, 3)));
            comuni.put(code, comune);
            byName.merge(fold(comune.name()), List.of(comune), (one, other) -> {
                List<Comune> both = new ArrayList<>(one);
                both.addAll(other);
                return both;
            });
        });
        return new Places(comuni, byName, provinces);
    }

    private static Map<String, Country> countries(ConfigFolder folder) {
        Map<String, Country> table = new HashMap<>();
        Csv.read(folder, "mappings/countries.csv", row -> {
            Country country = new Country(row.need("code"), row.get("iso2"), row.get("iso3"), row.need("name"));
            table.put(fold(country.name()), country);
            table.put(country.code(), country);
            if (country.iso2() != null) {
                table.put(country.iso2(), country);
            }
            if (country.iso3() != null) {
                table.put(country.iso3(), country);
            }
        });
        return table;
    }

    private static Map<String, Region> regions(ConfigFolder folder) {
        Map<String, Region> table = new HashMap<>();
        Csv.read(folder, "mappings/regions.csv", row -> {
            Region region = new Region(row.need("code"), row.need("name"), row.need("organization"));
            table.put(region.code(), region);
        });
        return table;
    }

    private static Map<String, String> oids(ConfigFolder folder) {
        Map<String, String> table = new HashMap<>();
        Pattern form = Pattern.compile("[0-2](\\.(0|[1-9][0-9]*))+");
        Csv.read(folder, "mappings/oids.csv", row -> table.put(row.need("key"), row.need("oid", form)));
        return table;
    }

    private record Exemptions(Map<String, List<Exemption>> rows, Map<String, String> aliases) {}

    private record Pairs(Map<String, List<Pair>> byExemption, Set<String> binding) {}

    /** One diagnosis with its subdivisions and its category, or a range of categories; undotted. */
    private record Pair(String from, String to) {

        boolean covers(String code) {
            if (to != null) {
                String category = code.substring(0, Math.min(code.length(), from.length()));
                return category.length() == from.length()
                        && category.compareTo(from) >= 0
                        && category.compareTo(to) <= 0;
            }
            boolean isCategory = code.length() == (code.startsWith("E") ? 4 : 3);
            return code.startsWith(from) || isCategory && from.startsWith(code);
        }
    }

    private record Services(Map<String, Service> byCode, Service standard) {}

    private record Aziende(Map<String, Azienda> byCode, Map<String, String> canonical) {}

    private record Places(
            Map<String, Comune> comuni, Map<String, List<Comune>> byName, Map<String, String> provinces) {}
}
