package it.snodo.intake.fhir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** The resources that came with a booking: alone with what it contains, in a Bundle, or in Parameters. */
final class BookingResources {

    private final List<Resource> all = new ArrayList<>();
    private final Map<Resource, String> paths = new IdentityHashMap<>();
    private final Map<Resource, Bundle.BundleEntryComponent> entries = new IdentityHashMap<>();
    private final Map<String, Resource> byReference = new HashMap<>();

    BookingResources(Resource root) {
        add(root, root.fhirType());
    }

    private void add(Resource resource, String path) {
        all.add(resource);
        paths.put(resource, path);
        String id = resource.getIdElement().getIdPart();
        if (id != null) {
            byReference.putIfAbsent(resource.fhirType() + "/" + id, resource);
        }
        if (resource instanceof Bundle bundle) {
            for (int i = 0; i < bundle.getEntry().size(); i++) {
                var entry = bundle.getEntry().get(i);
                if (entry.getResource() != null) {
                    entries.put(entry.getResource(), entry);
                    if (entry.hasFullUrl()) {
                        byReference.putIfAbsent(entry.getFullUrl(), entry.getResource());
                    }
                    add(entry.getResource(), path + ".entry[" + i + "].resource");
                }
            }
        } else if (resource instanceof Parameters parameters) {
            for (int i = 0; i < parameters.getParameter().size(); i++) {
                var parameter = parameters.getParameter().get(i);
                if (parameter.getResource() != null) {
                    add(parameter.getResource(), path + ".parameter[" + i + "].resource");
                }
            }
        } else if (resource instanceof DomainResource domain) {
            for (int i = 0; i < domain.getContained().size(); i++) {
                Resource one = domain.getContained().get(i);
                all.add(one);
                paths.put(one, path + ".contained[" + i + "]");
                String local = one.getIdElement().getIdPart();
                if (local != null) {
                    byReference.putIfAbsent("#" + local.replaceFirst("^#", ""), one);
                }
            }
        }
    }

    String path(Resource resource) {
        return paths.getOrDefault(resource, resource.fhirType());
    }

    <T extends Resource> List<T> all(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The entry that a resource came in; null when it came alone. */
    Bundle.BundleEntryComponent entry(Resource resource) {
        return entries.get(resource);
    }

    MessageHeader header() {
        List<MessageHeader> headers = all(MessageHeader.class);
        return headers.isEmpty() ? null : headers.get(0);
    }

    /** What a reference leads to, when it is of that type and came along; else null. */
    <T extends Resource> T resolve(Reference reference, Class<T> type) {
        if (reference == null) {
            return null;
        }
        if (type.isInstance(reference.getResource()) && paths.containsKey((Resource) reference.getResource())) {
            return type.cast(reference.getResource());
        }
        String target = reference.getReference();
        if (target == null) {
            return null;
        }
        Resource found = byReference.get(target);
        if (found == null) {
            String[] parts = target.split("/");
            int last = parts.length - 1;
            if (last >= 3 && parts[last - 1].equals("_history")) {
                last -= 2;
            }
            found = last >= 1 ? byReference.get(parts[last - 1] + "/" + parts[last]) : null;
        }
        return type.isInstance(found) ? type.cast(found) : null;
    }
}
