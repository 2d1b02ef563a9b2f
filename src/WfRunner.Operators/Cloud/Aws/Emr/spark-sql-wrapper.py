"""Runs the Spark SQL of a file and writes its rows as CSV. Usage: spark-sql-wrapper.py QUERY-FILE RESULT-URI"""
import sys

from pyspark.sql import SparkSession

with open(sys.argv[1], encoding="utf-8") as file:
    query = file.read()
spark = SparkSession.builder.appName("Spark Sql").enableHiveSupport().getOrCreate()
spark.sql(query).write.csv(sys.argv[2])
spark.stop()
