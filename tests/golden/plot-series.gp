set encoding utf8
set terminal pngcairo size 800,420 noenhanced font 'sans,11'
set key outside bottom center horizontal height 0.7
set border 3
set ytics nomirror
set grid y lt 1 lw 0.5 lc rgb '#cccccc'
set multiplot layout 1,1
$p0_0 << END
-0.04 0
0.96 -7.50915453e-05

2.96 7.1311639
3.96 6.17356475
END
$i0_0 << END
0.96 -7.50915453e-05 -0.000750966246 0.000600783156
2.96 7.1311639 7.13072258 7.13160522
3.96 6.17356475 6.17304846 6.17408104
END
$p0_1 << END
0.04 0
1.04 0.000328652653

3.04 0.0964738428
4.04 0.0634371066
END
$i0_1 << END
1.04 0.000328652653 -0.00106053249 0.0017178378
3.04 0.0964738428 0.0931109511 0.0998367346
4.04 0.0634371066 0.0619610623 0.0649131509
END
set title "fork: size 64M, place core\073 ARM Neoverse N1 VM"
set ylabel "change of kernel instructions, \045"
set xlabel ""
unset logscale
set xtics norotate nomirror ("baseline" 0, "1/4" 1, "2/4" 2, "3/4" 3, "4/4" 4)
set xrange [-0.5:4.5]
set yrange [*:*]
set xzeroaxis
plot $p0_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "fork order-0 (pte-map)", $i0_0 using 1:2:3:4 with yerrorbars lc rgb '#000000' pt 7 ps 1 lw 1.5 notitle, $p0_1 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 2 title "fork order-9 (pte-map)", $i0_1 using 1:2:3:4 with yerrorbars lc rgb '#d55e00' pt 5 ps 1 lw 1.5 notitle
unset multiplot
