package dev.weft.node.dataplane.linux;

import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.nativelib.NativeException;
import dev.weft.node.sysctl.SysctlKey;
import dev.weft.node.sysctl.Sysctls;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Kernel parameters in bulk. */
final class SysctlFiles {

    private SysctlFiles() {}

    static List<KernelObject> read(Sysctls sysctls, Collection<KernelKey.OfSysctl> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        List<KernelObject> found = new ArrayList<>();
        sysctls.read(keys.stream().map(key -> key(key.path())).toList())
                .forEach((key, value) -> found.add(new KernelObject.Sysctl(key.toString(), value)));
        return found;
    }

    /** @return for each, in order, what went wrong, if something did */
    static List<Optional<String>> write(Sysctls sysctls, List<KernelObject.Sysctl> settings) {
        try {
            Map<SysctlKey, String> values = new LinkedHashMap<>();
            settings.forEach(setting -> values.put(key(setting.path()), setting.value()));
            var unusedBefore = sysctls.write(values);
            return settings.stream().map(setting -> Optional.<String>empty()).toList();
        } catch (NativeException e) {
            // At least one was refused: now each for itself.
            return settings.stream().map(setting -> writeOne(sysctls, setting)).toList();
        }
    }

    private static Optional<String> writeOne(Sysctls sysctls, KernelObject.Sysctl setting) {
        try {
            sysctls.write(key(setting.path()), setting.value());
            return Optional.empty();
        } catch (NativeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static SysctlKey key(String path) {
        return new SysctlKey(List.of(path.split("/", -1)));
    }
}
