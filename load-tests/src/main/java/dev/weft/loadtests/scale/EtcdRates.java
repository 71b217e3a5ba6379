package dev.weft.loadtests.scale;

import dev.weft.loadtests.measure.MultiContender;
import dev.weft.loadtests.peer.etcd.EtcdLoad;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What an etcd like the control plane's takes from clients of its own. */
public final class EtcdRates implements MultiContender {

    private final ScaleCluster cluster;
    private final EtcdLoad load;
    private final int keys;

    private EtcdRates(ScaleCluster cluster, int keys) {
        this.cluster = cluster;
        this.load = cluster.startEtcdLoad();
        this.keys = keys;
    }

    /** @param keys that each write has; 1 for a plain put */
    public static EtcdRates open(int keys) {
        return new EtcdRates(ScaleCluster.start(), keys);
    }

    @Override
    public List<Double> readings(int round) throws IOException {
        List<Double> rates = new ArrayList<>();
        for (int clients : CreateRates.CLIENTS) {
            rates.add(load.rate(clients, keys, CreateRates.SECONDS));
        }
        return rates;
    }

    @Override
    public void close() {
        load.close();
        cluster.close();
    }
}
