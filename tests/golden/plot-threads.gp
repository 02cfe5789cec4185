set encoding utf8
set terminal pngcairo size 800,420 noenhanced font 'sans,11'
set key outside bottom center horizontal height 0.7
set border 3
set ytics nomirror
set grid y lt 1 lw 0.5 lc rgb '#cccccc'
set multiplot layout 1,1
$p0_0 << END
1 0.469386942
12 4.01121427
48 5.07612186
END
$i0_0 << END
1 0.469386942 0.465630398 0.473173794
12 4.01121427 3.97911216 4.04357538
48 5.07612186 5.03549721 5.11707426
END
$p0_1 << END
1 0.47120087
12 3.41147015
48 4.44971233
END
$i0_1 << END
1 0.47120087 0.467429808 0.475002356
12 3.41147015 3.38416788 3.43899269
48 4.44971233 4.27448243 4.63212567
END
set title "fault/write: size 1G, order-0 (pte-map), sharing slices, 1 process, place core\073 AMD"."\n"."EPYC 7B12"
set ylabel "faults/s, millions"
set xlabel "threads"
unset logscale
set logscale x 2
set xtics norotate nomirror ("1" 1, "12" 12, "48" 48)
set xrange [0.833333333:57.6]
set yrange [0:*]
unset xzeroaxis
plot $p0_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "mm-unstable", $i0_0 using 1:2:3:4 with yerrorbars lc rgb '#000000' pt 7 ps 1 lw 1.5 notitle, $p0_1 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 2 title "vma-lock-inline", $i0_1 using 1:2:3:4 with yerrorbars lc rgb '#d55e00' pt 5 ps 1 lw 1.5 notitle
unset multiplot
