/**
 * AURA, the region's registry of patients and exemptions: what the hub needs of it ({@link it.snodo.aura.Aura}). The one
 * adapter there is, SOAP, lies below in {@code soap}.
 */
package it.snodo.aura;
