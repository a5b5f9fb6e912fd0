package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;

/** Whoever mirrors the service's rows elsewhere. Called with the row's lock held: implementations only take a note. */
public interface Changes {
    Changes NOBODY = new Changes() {
        @Override
        public void hostChanged(Host host) {}

        @Override
        public void clusterChanged(Cluster cluster) {}
    };

    void hostChanged(Host host);

    void clusterChanged(Cluster cluster);
}
