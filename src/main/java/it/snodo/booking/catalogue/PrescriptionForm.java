package it.snodo.booking.catalogue;

import java.util.Set;

/**
 * A form on which services may be asked for (§3.4), from {@code mappings/prescription-forms.csv}.
 *
 * @param id {@code M01}
 * @param title Italian
 * @param issuerOnly good only where it was issued (R10)
 * @param accredited accepted by accredited private centres too (R6)
 * @param services codes or items it is good for (R11); empty means any
 */
public record PrescriptionForm(String id, String title, boolean issuerOnly, boolean accredited, Set<String> services) {}
