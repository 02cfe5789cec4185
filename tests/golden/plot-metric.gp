set encoding utf8
set terminal pngcairo size 800,420 noenhanced font 'sans,11'
set key outside bottom center horizontal height 0.7
set border 3
set ytics nomirror
set grid y lt 1 lw 0.5 lc rgb '#cccccc'
set multiplot layout 1,1
$p0_0 << END
1 3.4406767
4 18.6162232
END
$i0_0 << END
1 3.4406767 3.41407332 3.46728008
4 18.6162232 18.5511214 18.681325
END
$p0_1 << END
1 3.17579675
4 17.1031608
END
$i0_1 << END
1 3.17579675 3.16224393 3.18934958
4 17.1031608 17.0085026 17.1978191
END
set title "fault/write: size 4M, order-0 (pte-map), sharing own, 1 process, place core\073"."\n"."Neoverse-N1"
set ylabel "cycles:k/unit, thousands"
set xlabel "threads"
unset logscale
set xtics norotate nomirror ("1" 1, "4" 4)
set xrange [0.8125:4.1875]
set yrange [0:*]
unset xzeroaxis
plot $p0_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "before", $i0_0 using 1:2:3:4 with yerrorbars lc rgb '#000000' pt 7 ps 1 lw 1.5 notitle, $p0_1 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 2 title "after", $i0_1 using 1:2:3:4 with yerrorbars lc rgb '#d55e00' pt 5 ps 1 lw 1.5 notitle
unset multiplot
