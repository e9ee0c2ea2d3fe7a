package it.snodo.registry;

import it.snodo.config.ConfigFolder;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** How each file of {@code mappings/} is read: its columns, their forms, and the table that comes of it. */
final class TableFiles {

    private static final Pattern SIX = Pattern.compile("[0-9]{6}");
    private static final Pattern ICD = Pattern.compile("([0-9]{3}|V[0-9]{2}|E[0-9]{3})(\\.[0-9]{1,2})?");
    static final Pattern FILLER = Pattern.compile("F[0-9]{3}|000");
    static final Pattern ASL_NUMBER = Pattern.compile("AS[LO] ?([0-9]{1,3})");

    private TableFiles() {}

    static String key(String code) {
        return code.strip().toUpperCase(Locale.ROOT);
    }

    /** For names: upper case, without accents and punctuation. */
    static String fold(String name) {
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

    static Exemptions exemptions(ConfigFolder folder) {
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

    static Pairs pairs(ConfigFolder folder) {
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

    static Map<String, Map<String, ExemptionDuration>> durations(ConfigFolder folder) {
        Map<String, Map<String, ExemptionDuration>> table = new HashMap<>();
        Csv.read(folder, "mappings/exemption-durations.csv", row -> {
            String unit = row.get("unit");
            if (unit == null) {
                return;
            }
            if (!"GMACI".contains(unit) || unit.length() != 1) {
                throw row.wrong("unit", "«" + unit + "» non è G, M, A, C o I");
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

    /** Exemption to diagnosis (undotted, or {@code *}) to services, in the order of the file. */
    static Map<String, Map<String, List<ExemptService>>> exemptServices(ConfigFolder folder) {
        Map<String, Map<String, List<ExemptService>>> table = new HashMap<>();
        Csv.read(folder, "mappings/exemption-services.csv", row -> {
            String diagnosis = row.need("diagnosis");
            if (!diagnosis.equals("*")) {
                diagnosis = isFiller(diagnosis) ? "000" : Icd9.undotted(row.need("diagnosis", ICD));
            }
            String code = row.get("dotted");
            String title = row.get("title");
            if (code == null && title == null) {
                throw row.wrong("dotted", "vuota come «title»: serve il codice o la descrizione");
            }
            table.computeIfAbsent(key(row.need("exemption")), exemption -> new HashMap<>())
                    .computeIfAbsent(diagnosis, of -> new ArrayList<>())
                    .add(new ExemptService(
                            row.get("service"),
                            code == null ? null : key(code),
                            title,
                            row.get("class_note"),
                            row.flag("cyclic"),
                            row.date("valid_from"),
                            row.date("valid_to")));
        });
        return table;
    }

    private static boolean isFiller(String code) {
        return FILLER.matcher(key(code)).matches();
    }

    static Map<String, List<String>> fillers(ConfigFolder folder) {
        Map<String, List<String>> table = new LinkedHashMap<>();
        Csv.read(folder, "mappings/diagnosis-fillers.csv", row -> table.computeIfAbsent(
                        row.need("filler", FILLER), code -> new ArrayList<>())
                .add(key(row.need("exemption"))));
        return table;
    }

    static Map<String, Diagnosis> diagnoses(ConfigFolder folder) {
        Map<String, Diagnosis> table = new HashMap<>(32768);
        Csv.read(folder, "mappings/diagnoses.csv", row -> {
            String code = row.need("code", ICD);
            table.put(Icd9.undotted(code), new Diagnosis(code, row.need("title"), row.flag("fse")));
        });
        return table;
    }

    static Services services(ConfigFolder folder) {
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

    static Aziende aziende(ConfigFolder folder) {
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

    static Map<String, Structure> structures(ConfigFolder folder) {
        Map<String, Structure> table = new HashMap<>();
        Csv.read(folder, "mappings/structures.csv", row -> {
            String system = row.either("system", "HSP.11", "STS.11") ? "hsp.11" : "sts.11";
            String code = key(row.need("code"));
            table.put(code, new Structure(code, system, row.need("name"), row.need("azienda", SIX), row.get("comune")));
        });
        return table;
    }

    static Map<String, Unit> units(ConfigFolder folder) {
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

    static Map<String, RegisteredProfessional> professionals(ConfigFolder folder) {
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

    static Map<String, Regime> regimes(ConfigFolder folder) {
        Map<String, Regime> table = new LinkedHashMap<>();
        Csv.read(folder, "mappings/regimes.csv", row -> {
            String code = key(row.need("code"));
            table.put(code, new Regime(code, row.need("title"), row.flag("certificate")));
        });
        return table;
    }

    static Map<String, String> words(ConfigFolder folder, String file, String column) {
        Map<String, String> table = new LinkedHashMap<>();
        Csv.read(folder, file, row -> table.put(key(row.need("code")), row.need(column)));
        return table;
    }

    static Places places(ConfigFolder folder) {
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

    static Map<String, Country> countries(ConfigFolder folder) {
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

    static Map<String, Region> regions(ConfigFolder folder) {
        Map<String, Region> table = new HashMap<>();
        Csv.read(folder, "mappings/regions.csv", row -> {
            Region region = new Region(row.need("code"), row.need("name"), row.need("organization"));
            table.put(region.code(), region);
        });
        return table;
    }

    static Map<String, String> oids(ConfigFolder folder) {
        Map<String, String> table = new HashMap<>();
        Pattern form = Pattern.compile("[0-2](\\.(0|[1-9][0-9]*))+");
        Csv.read(folder, "mappings/oids.csv", row -> table.put(row.need("key"), row.need("oid", form)));
        return table;
    }

    record Exemptions(Map<String, List<Exemption>> rows, Map<String, String> aliases) {}

    record Pairs(Map<String, List<Pair>> byExemption, Set<String> binding) {}

    /** One diagnosis with its subdivisions and its category, or a range of categories; undotted. */
    record Pair(String from, String to) {

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

    record Services(Map<String, Service> byCode, Service standard) {}

    record Aziende(Map<String, Azienda> byCode, Map<String, String> canonical) {}

    record Places(Map<String, Comune> comuni, Map<String, List<Comune>> byName, Map<String, String> provinces) {}
}
