set encoding utf8
set terminal pngcairo size 800,420 noenhanced font 'sans,11'
set key outside bottom center horizontal height 0.7
set border 3
set ytics nomirror
set grid y lt 1 lw 0.5 lc rgb '#cccccc'
set multiplot layout 1,1
$p0_0 << END
-0.07 14.328
0.93 14.263
1.93 14.334
2.93 14.046
3.93 14.011
4.93 13.993
5.93 13.983
6.93 13.986
7.93 14.305
END
$i0_0 << END
-0.07 14.328 14.0761024 14.584377
0.93 14.263 14.0111124 14.5193874
1.93 14.334 14.0821014 14.5903761
2.93 14.046 13.7941468 14.3024225
3.93 14.011 13.7591524 14.2674283
4.93 13.993 13.7411553 14.2494313
5.93 13.983 13.731157 14.239433
6.93 13.986 13.7341565 14.2424325
7.93 14.305 14.0531059 14.5613807
END
$p0_1 << END
0.07 14.035
1.07 11.96
2.07 10.94
3.07 10.444
4.07 10.063
5.07 9.938
6.07 9.85
7.07 9.82
8.07 10.076
END
$i0_1 << END
0.07 14.035 13.7831486 14.2914244
1.07 11.96 11.7085401 12.2168263
2.07 10.94 10.6887866 11.1970802
3.07 10.444 10.1929237 10.7012217
4.07 10.063 9.8120381 10.32034
5.07 9.938 9.68707753 10.1953808
6.07 9.85 9.59910589 10.1074101
7.07 9.82 9.56911567 10.0774202
8.07 10.076 9.82503405 10.3333358
END
set title "fork: size 1G, place core\073 Intel Xeon Silver 4210R"
set ylabel "time of one op, ms"
set xlabel "folio order"
unset logscale
set xtics norotate nomirror ("0" 0, "2" 1, "3" 2, "4" 3, "5" 4, "6" 5, "7" 6, "8" 7, "9" 8)
set xrange [-0.5:8.5]
set yrange [0:*]
unset xzeroaxis
plot $p0_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "v6.8-rc1", $i0_0 using 1:2:3:4 with yerrorbars lc rgb '#000000' pt 7 ps 1 lw 1.5 notitle, $p0_1 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 2 title "New", $i0_1 using 1:2:3:4 with yerrorbars lc rgb '#d55e00' pt 5 ps 1 lw 1.5 notitle
unset multiplot
