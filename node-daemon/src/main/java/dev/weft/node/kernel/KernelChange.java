package dev.weft.node.kernel;

/** Something that happened in a namespace, by whomever. */
public sealed interface KernelChange {

    /** The object exists, as it is here. */
    record Present(KernelObject object) implements KernelChange {}

    record Gone(KernelKey key) implements KernelChange {}

    /** Something changed that only a full read-back can tell: notifications lost, the firewall changed by others. */
    record LookAgain(String reason) implements KernelChange {}
}
