package it.snodo.intake.fhir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** The resources of a Bundle, found by the ways in which they refer to each other, each with its FHIRPath. */
final class BundleIndex {

    private final List<Resource> resources = new ArrayList<>();
    private final Map<String, Resource> byReference = new HashMap<>();
    private final Map<Resource, String> paths = new IdentityHashMap<>();

    BundleIndex(Bundle bundle, String prefix) {
        paths.put(bundle, prefix);
        for (int i = 0; i < bundle.getEntry().size(); i++) {
            var entry = bundle.getEntry().get(i);
            Resource resource = entry.getResource();
            if (resource == null) {
                continue;
            }
            String path = prefix + ".entry[" + i + "].resource";
            resources.add(resource);
            paths.put(resource, path);
            if (entry.hasFullUrl()) {
                byReference.putIfAbsent(entry.getFullUrl(), resource);
            }
            String id = resource.getIdElement().getIdPart();
            if (id != null) {
                byReference.putIfAbsent(resource.fhirType() + "/" + id, resource);
            }
            if (resource instanceof DomainResource domain) {
                for (int c = 0; c < domain.getContained().size(); c++) {
                    paths.put(domain.getContained().get(c), path + ".contained[" + c + "]");
                }
            }
        }
    }

    /** FHIRPath of this Bundle or of a resource of it. */
    String path(Resource resource) {
        return paths.getOrDefault(resource, "Bundle");
    }

    <T extends Resource> List<T> all(Class<T> type) {
        return resources.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The resource that a reference made by another one points to; empty when it is not in the Bundle. */
    Optional<Resource> resolve(Resource from, Reference reference) {
        String target = reference.getReference();
        if (target == null || target.isBlank()) {
            return Optional.empty();
        }
        if (target.startsWith("#")) {
            return contained(from, target.substring(1));
        }
        Resource found = byReference.get(target);
        if (found == null) {
            String[] parts = target.split("/");
            int last = parts.length - 1;
            // A version, or a server's address, before "Type/id" does not make it another resource.
            if (last >= 3 && parts[last - 1].equals("_history")) {
                last -= 2;
            }
            if (last >= 1) {
                found = byReference.get(parts[last - 1] + "/" + parts[last]);
            }
        }
        return Optional.ofNullable(found);
    }

    private Optional<Resource> contained(Resource from, String id) {
        if (!(from instanceof DomainResource domain)) {
            return Optional.empty();
        }
        return domain.getContained().stream()
                .filter(one -> id.equals(plain(one.getIdElement().getValue())))
                .findFirst();
    }

    private static String plain(String id) {
        return id != null && id.startsWith("#") ? id.substring(1) : id;
    }
}
