package it.snodo.publication;

/** One try of one delivery at one destination. */
@FunctionalInterface
public interface Deliverer {

    Outcome deliver(Delivery delivery);
}
