package dev.weft.node.model;

/**
 * A sandbox of this node.
 *
 * @param id 64 hexadecimal digits
 */
public record SandboxRow(String id, long revision, String name, SandboxPlace place, String hostname) implements Row {

    @Override
    public RowKey key() {
        return new RowKey(RowKind.SANDBOX, id);
    }
}
