set -e
cd /work/main
O=tests/CMakeFiles/xeras_tests.dir
objs=""
for t in callbacks/tensorboard_test.cpp models/memory_test.cpp models/interrupt_test.cpp; do objs="$objs $O/$t.o"; done
for s in tests/support/*.cpp; do objs="$objs $O/support/$(basename $s).o"; done
nice -n 2 ninja -C build/check libxeras.a $objs > /tmp/mini.main.log 2>&1 || { grep -E "error|FAILED" -A6 /tmp/mini.main.log | head -60; echo BUILD FAILED; exit 1; }
cd build/check
g++ -o /tmp/mini.main $objs libxeras.a /usr/lib/libCatch2WithMain.a -lfmt -lutf8proc -lopenblas -lhdf5_serial -lzip -lz -lprotobuf-lite -lpthread
cd ../../tests
/tmp/mini.main '' 
